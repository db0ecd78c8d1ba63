import { createHmac, scryptSync } from 'node:crypto';
import { Later } from '../../model/deferred.ts';
import type { Prints } from '../../model/saved-plan.ts';
import { reveal, Secret } from '../../model/secret.ts';

// About 10 ms a guess: whoever holds a saved plan shall not try a list of passwords on it in passing.
const cost = { N: 4096 };

/** Takes keyed fingerprints of values, 16 hex digits. Order of keys doesn't count, and functions are left out. */
export class Printer {
  readonly #key: string;
  readonly #slow = new Map<string, string>();

  readonly #isQuick: boolean;

  /** @param isQuick for fingerprints that never leave the process */
  constructor(key: string, isQuick = false) {
    this.#key = key;
    this.#isQuick = isQuick;
  }

  /** Secrets inside are made hard to guess. */
  of(value: unknown): string {
    return this.#hash(JSON.stringify(this.#plain(value)) ?? '');
  }

  /** Of a value that is secret as a whole, whatever it consists of. */
  ofSecret(value: unknown): string {
    return this.#guarded(JSON.stringify(this.#plain(value)) ?? '');
  }

  /** Of every leaf of a value, by dotted path. */
  ofLeaves(value: unknown): Prints {
    return Object.fromEntries(leavesOf(value, '').map(([path, leaf]) => [path, this.of(leaf)]));
  }

  #hash(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, 16);
  }

  #guarded(text: string): string {
    const known = this.#slow.get(text);
    if (known !== undefined) return known;
    const print = this.#isQuick ? this.#hash(text) : scryptSync(text, this.#key, 8, cost).toString('hex');
    this.#slow.set(text, print);
    return print;
  }

  #plain(value: unknown): unknown {
    if (value instanceof Secret) return { secret: this.#guarded(reveal(value)) };
    if (value instanceof Later) return { later: value.from };
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
    if (Array.isArray(value)) return value.map((item) => this.#plain(item));
    if (!isMap(value)) return value;
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && typeof inner !== 'function');
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, this.#plain(inner)]);
  }
}

/** Every leaf of plain data, by dotted path. Lists are leaves. */
export function leavesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
