import { randomBytes } from 'node:crypto';
import { Later } from '../../../model/deferred.ts';
import type { AnyType } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import { issuedType } from './issued.ts';

/** A value of a Secret that is random when it is first made, and kept from then on. */
export class Generated {
  /** Bytes of randomness. */
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** A random value, URL-safe text, made once and kept: `k8s.secret({ …, data: { password: k8s.generated(24) } })`. */
export function generated(bytes: number): Generated {
  return new Generated(bytes);
}

// In shorter ones it would cost too much of their randomness.
const leastMixed = 12;

interface Want {
  readonly data: Readonly<Record<string, string | Secret | Generated>>;
  readonly labels?: unknown;
  readonly annotations?: unknown;
  readonly type?: string;
}

/** A Secret of which some values are generated; the others are as the step says. */
export const generatedType = issuedType<Want>({
  name: 'kubernetes/generated',
  secretType: 'Opaque',
  rest(want) {
    const { labels, annotations, type } = want as Want;
    return {
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(type === undefined ? {} : { type }),
    };
  },
  refuse(live, want) {
    const wrong = Object.entries((want as Want).data)
      .filter(([key, value]) => !isAsWanted(live[key], value))
      .map(([key]) => key);
    return wrong.length === 0 ? null : `makes ${wrong.join(', ')}`;
  },
  issue({ data }, live) {
    const made = Object.entries(data).map(([key, value]) => {
      if (!(value instanceof Generated)) return [key, value] as const;
      return [key, live?.[key] ?? new Secret(randomText(value.bytes))] as const;
    });
    return Promise.resolve(Object.fromEntries(made));
  },
}) as unknown as AnyType;

// Many a service refuses a password without a small letter, a capital and a digit.
function randomText(bytes: number): string {
  const text = randomBytes(bytes).toString('base64url');
  const isMixed = [/[a-z]/, /[A-Z]/, /[0-9]/].every((sort) => sort.test(text));
  return isMixed || bytes < leastMixed ? text : randomText(bytes);
}

// A wish that comes back from the journal is plain data.
function isGenerated(want: object | string): want is Generated {
  return want instanceof Generated || (typeof want === 'object' && 'bytes' in want);
}

function isAsWanted(live: Secret | undefined, want: string | Secret | Generated | Later): boolean {
  if (live === undefined || want instanceof Later) return false;
  if (isGenerated(want)) return true;
  const wanted = want instanceof Secret ? want : new Secret(want);
  return live.fingerprint() === wanted.fingerprint();
}
