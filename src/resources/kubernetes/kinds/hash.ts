import { createHmac } from 'node:crypto';
import { isFields } from '../compare/json.ts';

/**
 * A keyed hash of plain data, 12 hex digits; the order of keys doesn't count. Keyed and cut, because a secret may be among it.
 * @param purpose tells hashes of the same data for different ends apart
 */
export function keyedHash(purpose: 'content' | 'job' | 'release' | 'workflow', data: unknown): string {
  return createHmac('sha256', `cairn/${purpose}/v1`)
    .update(JSON.stringify(sorted(data)) ?? '')
    .digest('hex')
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
