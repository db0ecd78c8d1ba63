import { fieldManager, type KubeObject } from '../../../model/kube.ts';
import { at, isFields } from '../compare/json.ts';

/** Annotations of ours, on everything that we write. */
export const annotations = {
  /** The fields that we last applied. */
  applied: 'cairn.dev/applied',
  /** The run that wrote last. */
  run: 'cairn.dev/run',
  /** Of a ConfigMap or a Secret: the run that took back last what somebody else had written into it. */
  repaired: 'cairn.dev/repaired',
  /** Of a Job: what it was run with. */
  inputs: 'cairn.dev/inputs',
  /** Of a chart's hook: the state of the release that it ran for. */
  release: 'cairn.dev/release',
} as const;

/** On objects that we created, never on adopted ones: a sweep goes by it. */
export const ownerLabel = 'cairn.dev/owner';

const mark = /^cairn\.dev\//;

/** True for keys of labels and annotations that are ours. */
export function isMark(key: string): boolean {
  return mark.test(key);
}

/** The server's own count of a DaemonSet's forms: like `generation`, and as impossible to set back. */
export const formCounter = 'deprecated.daemonset.template.generation';

/** True when we made it. Labels are copied, by controllers and by hand; who wrote them isn't. */
export function isOurs(object: KubeObject): boolean {
  return object.metadata.labels?.[ownerLabel] !== undefined && isClaimed(object, 'f:labels', ownerLabel);
}

/** The fields that we last applied, as `writeApplied` wrote them; nothing where somebody copied them from another object. */
export function appliedTo(object: KubeObject): string | undefined {
  return markOn(object, annotations.applied);
}

/** An annotation of ours, unless somebody copied it from another object. */
export function markOn(object: KubeObject, key: (typeof annotations)[keyof typeof annotations]): string | undefined {
  return isClaimed(object, 'f:annotations', key) ? object.metadata.annotations?.[key] : undefined;
}

function isClaimed({ metadata }: KubeObject, part: 'f:labels' | 'f:annotations', key: string): boolean {
  const claims = (metadata.managedFields ?? []).filter(({ manager }) => manager === fieldManager);
  return claims.some(({ fieldsV1 }) => at(fieldsV1, 'f:metadata', part, `f:${key}`) !== undefined);
}

/** True when no run has written it yet: it was there before us, and writing it adopts it. */
export function isUntouched(object: KubeObject): boolean {
  return !isOurs(object) && appliedTo(object) === undefined;
}

/** Metadata that the server writes by itself, and that says nothing about how a thing was set. */
const volatile: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);

/** An object without status, versions, times and our own marks: what is compared. */
export function essenceOf(object: KubeObject): KubeObject {
  const { status: _, metadata, ...rest } = object;
  const kept = Object.entries(metadata)
    .filter(([field]) => !volatile.has(field))
    .map(([field, value]) => [field, field === 'labels' || field === 'annotations' ? unmarked(value) : value])
    .filter(([, value]) => value !== undefined);
  return { ...rest, metadata: Object.fromEntries(kept) } as KubeObject;
}

function unmarked(value: unknown): unknown {
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !isMark(key) && key !== formCounter);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
