import { Later, type Planned } from '../../../model/deferred.ts';
import type { WorldReader, WorldWriter } from '../../../model/ports.ts';
import type { AnyType, FieldChange, ResourceType } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import type { Live } from '../live.ts';
import type { SecretOut } from '../out.ts';
import { Generated, generatedType } from './generated.ts';
import { dataOf, type IssuedId } from './issued.ts';

/** A value that a service gives out once and never shows again: a token, the secret of a robot account. */
export interface CredentialSpec {
  /** Whether the service still takes it; must change nothing. Rejects where nobody can say. */
  accepts(value: Secret, world: WorldReader): Promise<boolean>;
  /** Has the service give out another one. */
  make(world: WorldWriter): Promise<string | Secret>;
}

/** A value of a Secret that is kept while its service accepts it. */
export class Credential {
  readonly accepts: CredentialSpec['accepts'];
  readonly make: CredentialSpec['make'];

  constructor({ accepts, make }: CredentialSpec) {
    this.accepts = accepts;
    this.make = make;
  }
}

/**
 * A value that its service accepts, made anew when it doesn't any more: `k8s.secret({ …, data: { token:
 * k8s.credential({ accepts, make }) } })`. Only that Secret knows it.
 */
export function credential(spec: CredentialSpec): Credential {
  return new Credential(spec);
}

type Values = Readonly<Record<string, string | Secret | Generated | Credential>>;

interface Want {
  readonly data: Values;
  readonly [field: string]: unknown;
}

/** What was found, with the values that their services refuse. */
interface Seen extends Live {
  readonly refused?: readonly string[];
}

type CredentialType = ResourceType<'world', IssuedId, Want, Seen, SecretOut>;

const inner = generatedType as unknown as ResourceType<'kubernetes', IssuedId, unknown, Live, SecretOut>;
const { version, identity, codec, address, title, compare, lastRun, fields, marks, letGo, out } = inner;

/** A Secret some of whose values come from services: like one with generated values, but for what makes a value anew. */
const type: CredentialType = {
  name: 'kubernetes/credential',
  version,
  on: 'world',
  identity,
  codec,
  address,
  title,
  // The service may be what an earlier step makes.
  probes: () => true,
  read: (id, from) => inner.read(id, from.kube),
  async merge(id, want, live, from, options) {
    const merged = await inner.merge?.(id, keeping(want), live, from.kube, options);
    const refused = live === null ? [] : await refusedIn(want, live, from);
    return { certainty: 'exact', ...merged, live: { ...(merged?.live ?? live), refused } as Seen };
  },
  diff(live, want, merged) {
    const known = inner.diff(live, want === null ? null : keeping(want), merged);
    return { ...known, changes: [...(merged?.refused ?? []).map(refusal), ...known.changes] };
  },
  async write({ id, want, live, options }, to) {
    const wish = want === null ? null : { ...want, data: await valuesOf(want, live, to) };
    return await inner.write({ id, want: wish, live, options }, to.kube);
  },
  restore: (change, to) => inner.restore(change, to.kube),
  ...(letGo ? { letGo: (change, to) => letGo(change, to.kube) } : {}),
  compare,
  ...(lastRun ? { lastRun } : {}),
  ...(fields ? { fields } : {}),
  ...(marks ? { marks } : {}),
  out,
  loss: (id, live, from) => inner.loss(id, live, from.kube),
};

export const credentialType = type as unknown as AnyType;

function refusal(key: string): FieldChange {
  return { path: `data.${key}`, how: 'update', secret: true, note: 'its service refuses it' };
}

function keeping(want: Planned<Want>): Planned<Want> {
  if (want instanceof Later || want.data instanceof Later) return want;
  const data = Object.entries(want.data as Values).map(([key, value]) => [key, isGiven(value) ? kept : value]);
  return { ...want, data: Object.fromEntries(data) } as Planned<Want>;
}

// Whatever is there is as it should be.
const kept = new Generated(0);

// A wish that comes back from the journal is plain data: nobody can be asked, and what is there is kept.
function isGiven(value: unknown): boolean {
  const isPlain = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value instanceof Credential || (isPlain && !(value instanceof Secret) && !(value instanceof Later));
}

async function refusedIn(want: Planned<Want>, live: Live, from: WorldReader): Promise<readonly string[]> {
  if (want instanceof Later || want.data instanceof Later) return [];
  const data = dataOf(live);
  const asked = Object.entries(want.data as Values).map(async ([key, value]) => {
    const now = data[key];
    const isFine = !(value instanceof Credential) || now === undefined || (await value.accepts(now, from));
    return isFine ? [] : [key];
  });
  return (await Promise.all(asked)).flat();
}

async function valuesOf(want: Want, live: Live | null, to: WorldWriter): Promise<Values> {
  const refused = new Set(live === null ? [] : await refusedIn(want as Planned<Want>, live, to));
  const data = live === null ? {} : dataOf(live);
  const made = Object.entries(want.data).map(async ([key, value]) => {
    if (!(value instanceof Credential)) return [key, value] as const;
    if (data[key] !== undefined && !refused.has(key)) return [key, kept] as const;
    const given = await value.make(to);
    return [key, given instanceof Secret ? given : new Secret(given)] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}
