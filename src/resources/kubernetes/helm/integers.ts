import { isFields } from '../compare/json.ts';

/** From here on Helm prints a number of its values files as `1e+06`: it reads them as floats (helm/helm#1707). */
const large = 1e6;

/**
 * The whole numbers of some values that Helm would turn into floats, as `--set`, which keeps them whole. Secrets never are
 * among them: they would stand on a command line.
 */
export function integerArgs(values: unknown): readonly string[] {
  return integersIn(values, '').flatMap(([path, value]) => ['--set', `${path}=${value}`]);
}

function integersIn(value: unknown, path: string): readonly (readonly [path: string, value: number])[] {
  if (Number.isSafeInteger(value)) return Math.abs(value as number) >= large ? [[path, value as number]] : [];
  if (Array.isArray(value)) return value.flatMap((inner, at) => integersIn(inner, `${path}[${at}]`));
  if (!isFields(value)) return [];
  const under = path === '' ? '' : `${path}.`;
  return Object.entries(value).flatMap(([key, inner]) => integersIn(inner, `${under}${escaped(key)}`));
}

// What parts a path of `--set`.
function escaped(key: string): string {
  return key.replaceAll(/[\\.,=[\]{}]/g, '\\$&');
}
