import { CairnError, problem } from '../../model/diagnostic.ts';
import type { ImmutableField, KubeObject, ObjectRef } from '../../model/kube.ts';
import { isWithin } from '../../model/kube-fields.ts';
import { fillDefaults } from './kube-defaults.ts';
import { isObject, isSame, type Mutable, objectAt } from './kube-json.ts';
import { builtInKinds, immutable, type Kind } from './kube-schema.ts';

/** Objects by kind, namespace and name, with what the server does to them on every write. */
export class KubeStore {
  readonly #objects = new Map<string, Mutable>();
  #version = 1;
  #made = 0;
  readonly now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.now = now;
  }

  get(ref: ObjectRef): Mutable | null {
    return this.#objects.get(keyOf(ref)) ?? null;
  }

  all(): readonly Mutable[] {
    return [...this.#objects.values()];
  }

  kinds(): readonly Kind[] {
    return [...builtInKinds, ...this.all().flatMap(kindsDefinedBy)];
  }

  find({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind | undefined {
    return this.kinds().find((known) => known.kind === kind && known.apiVersion === apiVersion);
  }

  /** ISO 8601, to the second, as the API writes times. */
  time(): string {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  /** What the server makes of an object before it keeps it: defaults, identity, generation. Changes nothing here. */
  admit(next: Mutable, live: Mutable | null): Mutable {
    const object = structuredClone(next);
    fillDefaults(object, () => `10.0.0.${100 + this.#made}`);
    const metadata = objectAt(object, 'metadata');
    const old = live ? objectAt(live, 'metadata') : null;
    metadata.uid = old?.uid ?? uidOf(this.#made + 1);
    metadata.creationTimestamp = old?.creationTimestamp ?? this.time();
    metadata.resourceVersion = old?.resourceVersion ?? String(this.#version + 1);
    const isNewSpec = !live || !isSame(withoutMeta(live), withoutMeta(object));
    metadata.generation = Number(old?.generation ?? 0) + (isNewSpec ? 1 : 0);
    return object;
  }

  /** Keeps an admitted object; one that is the same but for times keeps its version. */
  put(object: Mutable): Mutable {
    const ref = refOf(object);
    const live = this.get(ref);
    if (live && isSame(withoutTimes(live), withoutTimes(object))) return live;
    if (!live) this.#made += 1;
    this.#version += 1;
    objectAt(object, 'metadata').resourceVersion = String(this.#version);
    this.#objects.set(keyOf(ref), object);
    return object;
  }

  /** Takes an object away with everything that belongs to it; finalizers keep it, marked as going. */
  remove(object: Mutable): Mutable {
    const metadata = objectAt(object, 'metadata');
    for (const other of this.all()) if (belongsTo(other, object)) this.remove(other);
    const holds = Array.isArray(metadata.finalizers) && metadata.finalizers.length > 0;
    const isHeld = holds || this.all().some((other) => other !== object && belongsTo(other, object));
    if (!isHeld) this.#objects.delete(keyOf(refOf(object)));
    else metadata.deletionTimestamp ??= this.time();
    return object;
  }

  /** Finishes deletions that nothing holds any more. */
  collect(): void {
    for (const object of this.all())
      if (objectAt(object, 'metadata').deletionTimestamp !== undefined) this.remove(object);
  }
}

/** Where the server would refuse to change `live` into `next`. */
export function refusals(live: Mutable, next: Mutable): readonly ImmutableField[] {
  const rules = immutable[String(live.kind)] ?? [];
  const frozen = live.immutable === true ? [{ path: 'data', except: [] }] : [];
  return [...rules, ...frozen]
    .filter((rule) => differsIn(rule, live, next))
    .map((rule) => ({ ...rule, message: 'field is immutable' }));
}

function differsIn(rule: { path: string; except: readonly string[] }, live: Mutable, next: Mutable): boolean {
  const pick = (object: Mutable): unknown =>
    without(
      rule,
      rule.path.split('.').reduce<unknown>((value, field) => (isObject(value) ? value[field] : undefined), object),
    );
  const before = pick(live);
  return before !== undefined && !isSame(before, pick(next));
}

function without({ path, except }: { path: string; except: readonly string[] }, value: unknown): unknown {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([field]) => !except.some((one) => isWithin(one, `${path}.${field}`)));
  return Object.fromEntries(kept);
}

export function refOf(object: Mutable): ObjectRef {
  const metadata = objectAt(object, 'metadata');
  const { name, namespace } = metadata;
  return {
    apiVersion: String(object.apiVersion),
    kind: String(object.kind),
    name: String(name),
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}

/** A copy that its receiver may keep. */
export function copyOf(object: Mutable): KubeObject {
  return structuredClone(object) as unknown as KubeObject;
}

export function notFound(what: string): CairnError {
  return new CairnError(problem('kube-not-found', `the cluster has no ${what}`));
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, namespace ?? '', name].join('/');
}

function uidOf(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

function withoutMeta(object: Mutable): Mutable {
  const { metadata: _, status: _status, ...rest } = object;
  return rest;
}

function withoutTimes(object: Mutable): Mutable {
  const metadata = { ...objectAt(object, 'metadata') };
  const managed = Array.isArray(metadata.managedFields) ? metadata.managedFields.filter(isObject) : [];
  metadata.managedFields = managed.map(({ time: _, ...rest }) => rest);
  delete metadata.resourceVersion;
  return { ...object, metadata };
}

function belongsTo(other: Mutable, object: Mutable): boolean {
  const metadata = objectAt(other, 'metadata');
  const owner = objectAt(object, 'metadata');
  if (object.kind === 'Namespace') return metadata.namespace === owner.name;
  if (object.kind === 'CustomResourceDefinition')
    return kindsDefinedBy(object).some(
      ({ apiVersion, kind }) => other.apiVersion === apiVersion && other.kind === kind,
    );
  const references = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences.filter(isObject) : [];
  return references.some(({ uid }) => uid === owner.uid);
}

function kindsDefinedBy(object: Mutable): readonly Kind[] {
  if (object.kind !== 'CustomResourceDefinition' || !isObject(object.spec)) return [];
  const { group, names, scope, versions } = object.spec;
  const kind = isObject(names) ? String(names.kind) : '';
  const all = Array.isArray(versions) ? versions.filter(isObject) : [];
  return all.map(({ name }) => ({ apiVersion: `${group}/${name}`, kind, namespaced: scope !== 'Cluster' }));
}
