import { Later } from '../../../model/deferred.ts';
import { Initially } from '../../../model/initially.ts';
import type { KubeObject } from '../../../model/kube.ts';
import { addStep, isWithin } from '../../../model/kube-fields.ts';
import { reveal, Secret } from '../../../model/secret.ts';
import { type Fields, isFields } from '../compare/json.ts';
import { type ListKeys, listKeysOf } from '../compare/list-keys.ts';
import type { ObjectId } from '../id.ts';
import { ownersOf } from './owners.ts';

/** What a step may wish of an object: any field of it but what its id says. */
export type Want = Fields;

/** A wish as the server understands it. */
export interface Composed {
  /** Plain: no secret, no later value left in it, and none of our marks. */
  readonly body: KubeObject;
  /** Fields known only later → what they wait for. The body has their live value there, or nothing. */
  readonly later: ReadonlyMap<string, readonly string[]>;
  /** Fields that are set once: in the body only while nobody else has taken them. */
  readonly initial: ReadonlySet<string>;
  isSecret(path: string): boolean;
  readonly keys: ListKeys;
}

interface Found {
  readonly later: Map<string, readonly string[]>;
  readonly secrets: Set<string>;
  readonly initial: Set<string>;
  /** Whether a field of the live object is still ours; undefined: there is no object. */
  readonly isOurs: ((path: string) => boolean) | undefined;
  readonly keys: ListKeys;
}

/**
 * Turns a wish into an object to send. A field that is left out of a dry run looks like its removal, so a later value is
 * stood in for by the live one.
 */
export function compose(id: ObjectId, want: unknown, live: KubeObject | null): Composed {
  const keys = listKeysOf(live);
  const found: Found = { later: new Map(), secrets: new Set(), initial: new Set(), isOurs: oursIn(live), keys };
  const plain = fill(withoutStringData(want), live ?? undefined, '', found);
  const fields = isFields(plain) ? plain : {};
  const metadata = isFields(fields.metadata) ? fields.metadata : {};
  const { apiVersion, kind, name, namespace } = id;
  const body = {
    ...fields,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
  };
  const secrets = [...found.secrets];
  const isSecret = (path: string): boolean =>
    isSecretData(kind, path) || secrets.some((one) => isWithin(path, one) || isWithin(one, path));
  return { body, later: found.later, initial: found.initial, isSecret, keys };
}

/** The data of a Secret is secret, whoever wrote it. */
export function isSecretData(kind: string, path: string): boolean {
  return kind === 'Secret' && (isWithin(path, 'data') || isWithin(path, 'stringData'));
}

function fill(want: unknown, live: unknown, path: string, found: Found): unknown {
  if (want instanceof Later) {
    found.later.set(path, want.from);
    return live;
  }
  if (want instanceof Initially) return fillOnce(want, live, path, found);
  if (want instanceof Encoded) return fillEncoded(want, live, path, found);
  if (want instanceof Secret) {
    found.secrets.add(path);
    return reveal(want);
  }
  if (Array.isArray(want)) return fillList(want, live, path, found);
  if (!isFields(want)) return want;
  const entries = Object.entries(want).map(([field, inner]) => {
    return [field, fill(inner, isFields(live) ? live[field] : undefined, addStep(path, { field }), found)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

// Left out of an apply, what we still own would go; what others took since stays with them.
function fillOnce({ value }: Initially, live: unknown, path: string, found: Found): unknown {
  found.initial.add(path);
  if (!found.isOurs) return fill(value, undefined, path, found);
  return live !== undefined && found.isOurs(path) ? live : undefined;
}

function oursIn(live: KubeObject | null): Found['isOurs'] {
  if (!live) return undefined;
  const owners = ownersOf(live);
  return (path) => owners(path).some(({ isUs, operation }) => isUs && operation === 'Apply');
}

function fillList(want: readonly unknown[], live: unknown, path: string, found: Found): unknown {
  const later = want.filter((item) => item instanceof Later);
  if (later.length > 0) {
    found.later.set(path, [...new Set(later.flatMap(({ from }) => from))]);
    return live;
  }
  const items = Array.isArray(live) ? live : [];
  const liveNames = found.keys(path, items);
  const names = found.keys(path, want);
  return want.map((item, i) => {
    const name = names?.[i] ?? String(i);
    const at = liveNames && names ? liveNames.indexOf(name) : i;
    return fill(item, items[at], addStep(path, { item: name }), found);
  });
}

/** Plain text that the API wants in base64. */
class Encoded {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

function fillEncoded({ value }: Encoded, live: unknown, path: string, found: Found): unknown {
  if (value instanceof Later) return fill(value, live, path, found);
  const plain = fill(value, undefined, path, found);
  return typeof plain === 'string' ? Buffer.from(plain).toString('base64') : plain;
}

// The API keeps `data` alone: who applies `stringData` owns nothing of it.
function withoutStringData(want: unknown): unknown {
  if (!isFields(want) || want.stringData === undefined) return want;
  const { stringData, ...rest } = want;
  if (!isFields(stringData)) return { ...rest, data: stringData };
  const encoded = Object.entries(stringData).map(([key, value]) => [key, encodedOf(value)]);
  return { ...rest, data: { ...(isFields(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

function encodedOf(value: unknown): Encoded | Initially {
  return value instanceof Initially ? new Initially(new Encoded(value.value)) : new Encoded(value);
}
