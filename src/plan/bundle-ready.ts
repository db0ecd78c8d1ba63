import { type Diagnostic, problem } from '../model/diagnostic.ts';
import { nearest } from '../model/nearest.ts';
import type { ReadyOf, ReadyWhen } from '../model/ready.ts';
import { type CompiledResource, keyOf } from './compile.ts';
import { keyPattern } from './pattern.ts';

/** What a step says about when one object of a bundle is ready: its address counts most, then a pattern, then its kind. */
export function readyWhenOf(part: CompiledResource, wishes: ReadyOf): ReadyWhen | undefined {
  const ways: readonly ((key: string) => boolean)[] = [
    (key) => addressesOf(part).includes(key),
    (key) => key.includes('*') && fits(key, part),
    (key) => kindsOf(part).includes(key),
  ];
  for (const isMeant of ways) {
    const key = Object.keys(wishes).find(isMeant);
    if (key !== undefined) return wishes[key];
  }
  return undefined;
}

/** Says of each object what isn't among a bundle's: a misspelt name must not go unheard. */
export function readyOfNothing(
  { title, more }: CompiledResource,
  parts: readonly CompiledResource[],
): readonly Diagnostic[] {
  const known = [...new Set(parts.flatMap((part) => [...addressesOf(part), ...kindsOf(part)]))];
  return Object.keys(more.readyOf ?? {})
    .filter((key) => !known.includes(key) && !parts.some((part) => fits(key, part)))
    .map((key) => {
      const near = nearest(key, known);
      const help = near === undefined ? 'leave it out, or name a kind or an address of it' : `did you mean ${near}?`;
      return problem('ready-of-nothing', `ready names ${key}, and ${title} holds no such object`, { help });
    });
}

function fits(key: string, part: CompiledResource): boolean {
  const pattern = keyPattern(part.target, key);
  return addressesOf(part).some((address) => pattern.test(keyOf(part.target, address)));
}

// A kind that others defined may be named with its group, as addresses have it, or without.
function addressesOf({ address }: CompiledResource): readonly string[] {
  return [...new Set([address, address.replace(/^([^./]+)\.[^/]+/, '$1')])];
}

function kindsOf(part: CompiledResource): readonly string[] {
  return addressesOf(part).map((address) => address.slice(0, address.indexOf('/')));
}
