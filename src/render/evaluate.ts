import { nearest } from '../model/nearest.ts';
import { functions, type TemplateFunction } from './functions.ts';
import { findIn, type Scope } from './scope.ts';
import { TemplateError } from './template-error.ts';

/**
 * The value of an expression, its type kept.
 * @throws TemplateError
 */
export function evaluate(node: hbs.AST.Expression, scope: Scope): unknown {
  const found = tryEvaluate(node, scope);
  if (found.is === 'found') return found.value;
  throw undefinedAt(node as hbs.AST.PathExpression, found.at, found.names);
}

/** The value of `{{name}}` or `{{helper name}}`. */
export function evaluateMustache(node: hbs.AST.MustacheStatement, scope: Scope): unknown {
  if (node.params.length === 0) return evaluate(node.path, scope);
  return call(node.path as hbs.AST.PathExpression, node.params, scope);
}

type Tried =
  | { readonly is: 'found'; readonly value: unknown }
  | { readonly is: 'missing'; readonly at: number; readonly names: readonly string[] };

function tryEvaluate(node: hbs.AST.Expression, scope: Scope): Tried {
  switch (node.type) {
    case 'PathExpression':
      return findIn(scope, node as hbs.AST.PathExpression);
    case 'SubExpression': {
      const { path, params } = node as hbs.AST.SubExpression;
      return { is: 'found', value: call(path, params, scope) };
    }
    case 'NullLiteral':
      return { is: 'found', value: null };
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return { is: 'found', value: (node as hbs.AST.StringLiteral).value };
    default:
      throw new TemplateError(`a template can't use ${node.type} here`, node.loc.start);
  }
}

function call(path: hbs.AST.PathExpression, params: readonly hbs.AST.Expression[], scope: Scope): unknown {
  if (path.original === 'default') return firstThere(params, scope);
  const known = functions.get(path.original);
  if (!known) throw unknownFunction(path);
  return callFunction(
    known,
    path,
    params.map((param) => evaluate(param, scope)),
  );
}

function callFunction(run: TemplateFunction, path: hbs.AST.PathExpression, values: readonly unknown[]): unknown {
  try {
    return run(...values);
  } catch (error) {
    throw error instanceof TypeError ? new TemplateError(error.message, path.loc.start) : error;
  }
}

function firstThere(params: readonly hbs.AST.Expression[], scope: Scope): unknown {
  for (const [at, param] of params.entries()) {
    const tried = at < params.length - 1 ? tryEvaluate(param, scope) : undefined;
    if (!tried) return evaluate(param, scope);
    if (tried.is === 'found' && tried.value !== null) return tried.value;
  }
  return null;
}

function unknownFunction(path: hbs.AST.PathExpression): TemplateError {
  const names = [...functions.keys(), 'default', 'if', 'unless', 'each', 'with'];
  const near = nearest(path.original, names);
  const help = near === undefined ? `there are ${names.join(', ')}` : `did you mean "${near}"?`;
  return new TemplateError(`unknown function "${path.original}"`, path.loc.start, { help });
}

function undefinedAt(path: hbs.AST.PathExpression, at: number, names: readonly string[]): TemplateError {
  const near = nearest(path.parts[at] ?? '', names);
  const right = near === undefined ? undefined : [...path.parts.slice(0, at), near].join('.');
  const help =
    right === undefined ? `define it, or write {{default ${path.original} "…"}}` : `did you mean "${right}"?`;
  return new TemplateError(`${path.original} is not defined`, path.loc.start, { code: 'undefined-variable', help });
}
