import { Secret } from '../model/secret.ts';
import { evaluate, evaluateMustache } from './evaluate.ts';
import { isTrue, keepSecret, plain } from './functions.ts';
import type { Lookup } from './lookup.ts';
import { innerScope, rootScope, type Scope } from './scope.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/**
 * Fills in a scalar. One that is a single expression keeps its type; anything else becomes a text, or a secret if one went in.
 * @throws TemplateError
 */
export function renderValue(template: Template, find: Lookup): unknown {
  const [only, ...more] = template.program.body;
  if (only?.type === 'MustacheStatement' && more.length === 0) {
    return evaluateMustache(only as hbs.AST.MustacheStatement, rootScope(find));
  }
  return renderText(template, find);
}

/** Fills in a whole text: a template file, a farewell. */
export function renderText(template: Template, find: Lookup): string | Secret {
  const parts = renderProgram(template.program, rootScope(find));
  return keepSecret(parts, () => parts.map((part) => plain(part)).join(''));
}

type Part = string | Secret;

function renderProgram(program: hbs.AST.Program, scope: Scope): readonly Part[] {
  return program.body.flatMap((node) => renderStatement(node, scope));
}

function renderStatement(node: hbs.AST.Statement, scope: Scope): readonly Part[] {
  switch (node.type) {
    case 'ContentStatement':
      return [(node as hbs.AST.ContentStatement).value];
    case 'CommentStatement':
      return [];
    case 'MustacheStatement':
      return [asText(evaluateMustache(node as hbs.AST.MustacheStatement, scope), node)];
    case 'BlockStatement':
      return renderBlock(node as hbs.AST.BlockStatement, scope);
    default:
      throw new TemplateError('a template may not include another one', node.loc.start);
  }
}

function asText(value: unknown, node: hbs.AST.Statement): Part {
  if (typeof value === 'string' || value instanceof Secret) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const what = (node as hbs.AST.MustacheStatement).path as hbs.AST.PathExpression;
  const sort = value === null ? 'empty' : Array.isArray(value) ? 'a list' : 'a map';
  throw new TemplateError(`${what.original} is ${sort} and can't stand in a text`, node.loc.start, {
    help: 'name one value of it, or use join or each',
  });
}

function renderBlock(node: hbs.AST.BlockStatement, scope: Scope): readonly Part[] {
  const [param] = node.params;
  if (!param) throw new TemplateError(`{{#${node.path.original}}} needs a value`, node.loc.start);
  const value = evaluate(param, scope);
  switch (node.path.original) {
    case 'if':
      return renderBranch(node, isTrue(value), scope);
    case 'unless':
      return renderBranch(node, !isTrue(value), scope);
    case 'with':
      return isTrue(value) ? renderProgram(node.program, innerScope(scope, value, {})) : renderElse(node, scope);
    case 'each':
      return renderEach(node, value, scope);
    default:
      throw new TemplateError(`unknown block "${node.path.original}"`, node.loc.start, {
        help: 'there are if, unless, each, with',
      });
  }
}

function renderBranch(node: hbs.AST.BlockStatement, isThen: boolean, scope: Scope): readonly Part[] {
  return isThen ? renderProgram(node.program, scope) : renderElse(node, scope);
}

// The types call `inverse` always there; without {{else}} it is not.
function renderElse(node: hbs.AST.BlockStatement, scope: Scope): readonly Part[] {
  const inverse = node.inverse as hbs.AST.Program | undefined;
  return inverse ? renderProgram(inverse, scope) : [];
}

function renderEach(node: hbs.AST.BlockStatement, value: unknown, scope: Scope): readonly Part[] {
  if (typeof value !== 'object' || value === null || value instanceof Secret) {
    throw new TemplateError(`each takes a list or a map`, node.loc.start);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return renderElse(node, scope);
  const [itemName, keyName] = node.program.blockParams ?? [];
  return entries.flatMap(([key, item], index) => {
    const place = Array.isArray(value) ? index : key;
    const locals = {
      '@index': index,
      '@key': place,
      '@first': index === 0,
      '@last': index === entries.length - 1,
      ...(itemName === undefined ? {} : { [itemName]: item }),
      ...(keyName === undefined ? {} : { [keyName]: place }),
    };
    return renderProgram(node.program, innerScope(scope, item, locals));
  });
}
