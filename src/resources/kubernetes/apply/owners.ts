import { beforeFirstApply, fieldManager, type KubeObject, type ManagedFields } from '../../../model/kube.ts';
import { type FieldPaths, isWithin, readFields } from '../../../model/kube-fields.ts';

/** Somebody's claim on fields of an object. */
export interface Owner {
  readonly name: string;
  readonly operation: ManagedFields['operation'];
  readonly subresource: string | undefined;
  /** ISO 8601, of that owner's last write. */
  readonly time: string | undefined;
  readonly isUs: boolean;
}

/** Who owns a path, or something inside it. */
export type OwnersOf = (path: string) => readonly Owner[];

export function ownersOf(object: KubeObject): OwnersOf {
  if (!object.metadata.managedFields?.length) return () => [unknownOwner];
  const claims = (object.metadata.managedFields ?? []).map((entry) => ({
    owner: ownerOf(entry),
    paths: readFields(entry.fieldsV1),
  }));
  return (path) => claims.filter(({ paths }) => reaches(paths, path)).map(({ owner }) => owner);
}

// Of an object without any owner nobody's writes are on record.
const unknownOwner: Owner = {
  name: beforeFirstApply,
  operation: 'Update',
  subresource: undefined,
  time: undefined,
  isUs: false,
};

function ownerOf(entry: ManagedFields): Owner {
  return {
    name: entry.manager,
    operation: entry.operation,
    subresource: entry.subresource,
    time: entry.time,
    isUs: entry.manager === fieldManager,
  };
}

// A leaf of the field set covers everything inside it (an atomic list); a path that holds owned leaves is owned too.
function reaches({ leaves, holders }: FieldPaths, path: string): boolean {
  return holders.has(path) || [...leaves].some((leaf) => isWithin(path, leaf) || isWithin(leaf, path));
}

// Managers of the control plane itself: what they set, the world does by itself.
const system = /^(kube-|kubelet$|cloud-controller|k3s$|k0s$|cluster-autoscaler)/;
// The same of kinds that others brought: what their controllers note on them.
const controllers: Readonly<Record<string, RegExp>> = {
  'argoproj.io': /^(workflow-controller|argoexec|argocd-application-controller)/,
};

/** @param group of the object's API: `argoproj.io` */
export function isSystem({ name }: Owner, group: string): boolean {
  return system.test(name) || controllers[group]?.test(name) === true;
}

/** True for replicas that something scales by itself: taking them back would be a fight. A person scales with kubectl. */
export function isAutoscaled(owner: Owner): boolean {
  return owner.subresource === 'scale' && !owner.name.startsWith('kubectl');
}

/** `4 min`, from a time to now. */
export function ageOf(time: string | undefined, now: number): string | null {
  const seconds = time === undefined ? Number.NaN : Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return null;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
