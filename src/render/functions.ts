import { reveal, Secret } from '../model/secret.ts';

/** A function of templates; secrets come in as themselves. */
export type TemplateFunction = (...values: readonly unknown[]) => unknown;

/** What templates may call, besides if, unless, each and with. `default` is the evaluator's: its first value may be missing. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['eq', (a, b) => plain(a) === plain(b)],
  ['and', (...values) => values.every(isTrue)],
  ['or', (...values) => values.some(isTrue)],
  ['not', (value) => !isTrue(value)],
  ['lower', (value) => keepSecret([value], () => String(plain(value)).toLowerCase())],
  ['join', (list, separator = ',') => join(list, String(separator))],
]);

/** What a template takes for true: not false, null, 0, an empty text, list or map. */
export function isTrue(value: unknown): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A text made of values; a secret among them makes it a secret. */
export function keepSecret(values: readonly unknown[], make: () => string): string | Secret {
  const text = make();
  return values.some((value) => value instanceof Secret) ? new Secret(text) : text;
}

/** The plain form of a value that may be a secret. */
export function plain(value: unknown): unknown {
  return value instanceof Secret ? reveal(value) : value;
}

function join(list: unknown, separator: string): string | Secret {
  if (!Array.isArray(list)) throw new TypeError('join takes a list');
  return keepSecret(list, () => list.map((item) => String(plain(item))).join(separator));
}
