import { reveal, Secret } from '../../../model/secret.ts';
import { isFields } from '../compare/json.ts';

// A shorter one may be a part of any word; where it is a text of its own it is known all the same.
const shortestPart = 4;

/** Makes secrets of the texts in which a secret of the given values shows, plain or in base64. */
export function tainter(values: unknown): (rendered: unknown) => unknown {
  const secrets = secretsIn(values).flatMap((text) => [text, Buffer.from(text).toString('base64')]);
  const holds = (text: string): boolean =>
    secrets.some((secret) => text === secret || (secret.length >= shortestPart && text.includes(secret)));
  const taint = (value: unknown): unknown => {
    if (typeof value === 'string') return holds(value) ? new Secret(value) : value;
    if (Array.isArray(value)) return value.map(taint);
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, taint(inner)]));
  };
  return secrets.length === 0 ? (value) => value : taint;
}

function secretsIn(value: unknown): readonly string[] {
  if (value instanceof Secret) return [reveal(value)].filter((text) => text !== '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}
