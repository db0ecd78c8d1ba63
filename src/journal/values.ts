import { Initially } from '../model/initially.ts';
import { reveal, Secret } from '../model/secret.ts';

/**
 * Turns a value into JSON that comes back as it was: secrets (revealed, so only inside what is encrypted) and bytes are tagged,
 * functions and `undefined` are left out.
 */
export function pack(value: unknown): unknown {
  if (value instanceof Secret) return { $secret: reveal(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Initially) return { $initially: pack(value.value) };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  const packed = Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => typeof inner !== 'function' && inner !== undefined)
      .map(([key, inner]) => [key, pack(inner)]),
  );
  return Object.keys(packed).some((key) => key.startsWith('$')) ? { $plain: packed } : packed;
}

/** The opposite of `pack`. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  if (typeof record.$secret === 'string') return new Secret(record.$secret);
  if (typeof record.$bytes === 'string') return new Uint8Array(Buffer.from(record.$bytes, 'base64'));
  if ('$initially' in record) return new Initially(unpack(record.$initially));
  const inner = typeof record.$plain === 'object' && record.$plain !== null ? record.$plain : record;
  return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, unpack(item)]));
}
