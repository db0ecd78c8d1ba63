import { type Found, follow, type Lookup } from './lookup.ts';

/** Where a template stands: the context of a block within the one around it, down to the variables themselves. */
export interface Scope {
  readonly find: Lookup;
  /** `@index`, `@key`, `@first`, `@last`, and names given by `as |item|`. */
  readonly locals: Readonly<Record<string, unknown>>;
  readonly outer: Scope | undefined;
}

export function rootScope(find: Lookup): Scope {
  return { find, locals: {}, outer: undefined };
}

/** The scope of a block's inside. */
export function innerScope(outer: Scope, context: unknown, locals: Readonly<Record<string, unknown>>): Scope {
  return { find: (path) => follow(context, path), locals, outer };
}

/** Finds what `name`, `../name`, `@index` or `@root.name` mean here. */
export function findIn(scope: Scope, path: hbs.AST.PathExpression): Found {
  const parts = path.parts;
  const [first = ''] = parts;
  if (path.data && first === 'root') return root(scope).find(parts.slice(1));
  if (path.data) return local(scope, `@${first}`, parts) ?? missing(scope);
  const named = path.depth === 0 ? local(scope, first, parts) : undefined;
  return named ?? climb(scope, path.depth).find(parts);
}

function local(scope: Scope, name: string, parts: readonly string[]): Found | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    if (Object.hasOwn(at.locals, name)) return follow({ [parts[0] ?? '']: at.locals[name] }, parts);
  }
  return undefined;
}

function missing(scope: Scope): Found {
  return { is: 'missing', at: 0, names: Object.keys(scope.locals) };
}

function root(scope: Scope): Scope {
  return scope.outer ? root(scope.outer) : scope;
}

function climb(scope: Scope, steps: number): Scope {
  return steps > 0 && scope.outer ? climb(scope.outer, steps - 1) : scope;
}
