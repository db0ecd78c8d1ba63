import type { KubeObject } from '../../../model/kube.ts';
import { isWithin } from '../../../model/kube-fields.ts';
import type { FieldChange } from '../../../model/resource.ts';
import { type Applied, readApplied } from '../apply/applied.ts';
import { isSecretData } from '../apply/compose.ts';
import { essenceOf, formCounter } from '../apply/marks.ts';
import { ageOf, isAutoscaled, isSystem, ownersOf } from '../apply/owners.ts';
import { groupOf } from '../id.ts';
import { refreshAnnotation } from '../ready/application.ts';
import { plainChange } from './diff.ts';
import { isEqual } from './json.ts';
import { type Edit, editsBetween } from './leaves.ts';
import { listKeysOf } from './list-keys.ts';

/** The fields in which two images of an object differ, without what the cluster changes by itself. Pure. */
export function compareObjects(a: KubeObject | null, b: KubeObject | null): readonly FieldChange[] {
  if (!a || !b) {
    const there = a ?? b;
    if (!there) return [];
    const path = 'metadata.name';
    const name = there.metadata.name;
    return [
      plainChange(a ? { path, before: name, after: undefined } : { path, before: undefined, after: name }, false),
    ];
  }
  return worldEdits(a, b).map((edit) => changeOf(edit, a, b));
}

/** The edits behind `compareObjects`, for two objects that are there. */
export function worldEdits(a: KubeObject, b: KubeObject): readonly Edit[] {
  // Another version of the API has other fields, and only the server can convert them: who wrote when is the same in all.
  if (a.apiVersion !== b.apiVersion && isEqual(writesOf(a), writesOf(b))) return [];
  const edits = editsBetween(essenceOf(a), essenceOf(b), listKeysOf(a, b));
  if (edits.length === 0) return edits;
  const isNatural = naturalIn(a, b);
  return edits.filter(({ path }) => !isNatural(path));
}

/** True when nothing at all was changed, not even an owner; times and versions aside. */
export function isAsItWas(a: KubeObject, b: KubeObject): boolean {
  return isEqual(whole(a), whole(b));
}

function whole(object: KubeObject): unknown {
  const { annotations = {}, labels = {}, managedFields } = object.metadata;
  const { [formCounter]: _, ...noted } = annotations;
  const owners = (managedFields ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time: _time, ...rest }) => rest);
  return { essence: essenceOf(object), annotations: noted, labels, owners };
}

function writesOf({ metadata: { uid, managedFields = [] } }: KubeObject): unknown {
  return { uid, writes: managedFields.filter(({ subresource }) => subresource !== 'status') };
}

// The control plane fills in fields of its own (a claim's volume, a revision); nobody applied those. Replicas that something
// scales by itself are its own, too, whoever set them first.
function naturalIn(a: KubeObject, b: KubeObject): (path: string) => boolean {
  const applied: readonly Applied[] = [readApplied(a), readApplied(b)];
  const owners = [ownersOf(a), ownersOf(b)] as const;
  const group = groupOf(b.apiVersion);
  return (path) => {
    if (owners[1](path).some(isAutoscaled)) return true;
    if (applied.some((one) => one.has(path))) return false;
    if (bookkeeping.some((field) => isWithin(path, field))) return true;
    const claims = owners.flatMap((of) => of(path));
    return claims.length > 0 && claims.every((owner) => isSystem(owner, group));
  };
}

// Controllers sign in and out here; it says nothing about how the thing was set.
const bookkeeping = [
  'metadata.finalizers',
  'metadata.ownerReferences',
  `metadata.annotations[${refreshAnnotation}]`,
] as const;

function changeOf(edit: Edit, a: KubeObject, b: KubeObject): FieldChange {
  const isSecret =
    isSecretData(b.kind, edit.path) || readApplied(a).isSecret(edit.path) || readApplied(b).isSecret(edit.path);
  const other = ownersOf(b)(edit.path).find(({ isUs }) => !isUs);
  const age = ageOf(other?.time, Date.now());
  const note = other ? `set by ${other.name}${age === null ? '' : ` ${age} ago`}` : undefined;
  return { ...plainChange(edit, isSecret), ...(note === undefined ? {} : { note }) };
}
