import { isWithin } from '../../../model/kube-fields.ts';
import type { Difference, FieldChange, Owned } from '../../../model/resource.ts';
import { type Applied, readApplied } from '../apply/applied.ts';
import { type Composed, compose } from '../apply/compose.ts';
import { mergeLocally } from '../apply/local-merge.ts';
import { essenceOf, isUntouched } from '../apply/marks.ts';
import { ageOf, isAutoscaled, type Owner, type OwnersOf, ownersOf } from '../apply/owners.ts';
import type { ObjectId } from '../id.ts';
import type { Live, MergeNotes } from '../live.ts';
import { type Edit, editsBetween, leavesOf } from './leaves.ts';
import { listKeysOf } from './list-keys.ts';
import { showPair } from './show.ts';

/** What would change: the live object against what the server makes of the wish. Pure. */
export function diffObject(id: ObjectId, live: Live | null, want: unknown, merged: Live | undefined): Difference {
  const before = live?.object ?? null;
  const composed = compose(id, want, before);
  if (!before) return { changes: creation(composed), foreign: [] };
  const after = merged?.object ?? mergeLocally(before, composed);
  if (after === before && composed.later.size === 0) return { changes: [], foreign: [] };
  const keys = listKeysOf(before, after);
  const edits = editsBetween(essenceOf(before), essenceOf(after), keys);
  const view: View = {
    composed,
    applied: readApplied(before),
    ownersOf: ownersOf(before),
    notes: merged?.notes ?? { takeOver: [], immutable: [], clashes: [] },
  };
  const known = edits.filter(({ path }) => ![...composed.later.keys()].some((one) => isWithin(path, one)));
  return {
    changes: [
      ...refusedWhole(
        known.map((edit) => changeOf(edit, view)),
        view,
      ),
      ...laterChanges(composed),
    ],
    foreign: known.flatMap((edit) => foreignTo(edit, view)),
    ...(isUntouched(before) ? { adopts: true } : {}),
  };
}

/** What removing changes: the fields that we applied, or its name if we applied none. */
export function removal({ object }: Live): Difference {
  const applied = readApplied(object);
  const isSecret = (path: string): boolean => applied.isSecret(path) || object.kind === 'Secret';
  const leaves = leavesOf(essenceOf(object), listKeysOf(object)).filter(({ path }) => applied.has(path));
  const shown =
    leaves.length > 0 ? leaves : [{ path: 'metadata.name', before: undefined, after: object.metadata.name }];
  const changes = shown.map(({ path, after }) =>
    plainChange({ path, before: after, after: undefined }, isSecret(path)),
  );
  return { changes, foreign: [] };
}

interface View {
  readonly composed: Composed;
  readonly applied: Applied;
  readonly ownersOf: OwnersOf;
  readonly notes: MergeNotes;
}

function creation(composed: Composed): readonly FieldChange[] {
  const { apiVersion: _, kind: _kind, ...fields } = composed.body;
  const leaves = leavesOf(fields, composed.keys).filter(
    ({ path }) => path !== 'metadata.name' && path !== 'metadata.namespace',
  );
  const changes = leaves.map((edit) => plainChange(edit, composed.isSecret(edit.path)));
  const all = [...changes, ...laterChanges(composed)];
  return all.length > 0
    ? all
    : [plainChange({ path: 'metadata.name', before: undefined, after: composed.body.metadata.name }, false)];
}

function laterChanges({ later, isSecret }: Composed): readonly FieldChange[] {
  return [...later].map(([path, from]) => ({
    path,
    how: 'later',
    secret: isSecret(path),
    note: `known after ${from.join(', ')}`,
  }));
}

function changeOf(edit: Edit, { composed, applied, ownersOf, notes }: View): FieldChange {
  const secret = composed.isSecret(edit.path) || applied.isSecret(edit.path);
  const note = isOurPlace(edit.path, { applied, notes }) ? driftNote(ownersOf(edit.path), edit) : undefined;
  const how = notes.immutable.some((field) => refuses(field, edit.path)) ? 'replace' : 'update';
  return { ...plainChange(edit, secret), how, ...(note === undefined ? {} : { note }) };
}

// The server may name a field that it derives from ours (`clusterIPs` from `clusterIP`): then none of ours is the one.
function refusedWhole(changes: readonly FieldChange[], { notes }: View): readonly FieldChange[] {
  const isMeant = notes.immutable.length === 0 || changes.some(({ how }) => how === 'replace');
  return isMeant ? changes : changes.map((change) => ({ ...change, how: 'replace' }));
}

export function plainChange({ path, before, after }: Edit, secret: boolean): FieldChange {
  return { path, how: 'update', secret, ...(secret ? {} : showPair(before, after)) };
}

// Still ours: the wish changed. Somebody else's, or nobody's though we applied it: they changed the world.
function driftNote(owners: readonly Owner[], { before }: Edit): string | undefined {
  if (owners.some(({ isUs }) => isUs)) return undefined;
  const other = owners[0];
  if (!other) return before === undefined ? 'drift, removed by somebody' : 'drift';
  const age = ageOf(other.time, Date.now());
  return `drift, set by ${nameOf(other)}${age === null ? '' : ` ${age} ago`}`;
}

function nameOf({ name, subresource }: Owner): string {
  return subresource === 'scale' && name.startsWith('kubectl') ? 'kubectl-scale' : name;
}

function refuses({ path, except }: MergeNotes['immutable'][number], changed: string): boolean {
  return isWithin(changed, path) && !except.some((one) => isWithin(changed, one));
}

function foreignTo({ path, before }: Edit, { composed, applied, ownersOf, notes }: View): readonly Owned[] {
  const isTaken = notes.takeOver.some((one) => isWithin(path, one));
  const clashes = notes.clashes.some((clash) => isWithin(path, clash.path));
  if (isTaken || before === undefined || !(clashes || wishes(composed, path))) return [];
  const owners = ownersOf(path);
  if (owners.some(({ isUs }) => isUs) && !owners.some(isAutoscaled)) return [];
  const theirs = owners.filter((owner) => !owner.isUs && !isDrift(owner, path, { applied, notes }));
  return theirs.map(({ name }) => ({ path, owner: name }));
}

function isDrift(owner: Owner, path: string, view: Pick<View, 'applied' | 'notes'>): boolean {
  return isOurPlace(path, view) && owner.operation === 'Update' && !isAutoscaled(owner);
}

// We applied it, or what it stands against.
function isOurPlace(path: string, { applied, notes }: Pick<View, 'applied' | 'notes'>): boolean {
  if (applied.has(path)) return true;
  return notes.clashes.some((clash) => isWithin(path, clash.path) && applied.has(clash.against));
}

// A field that only goes because we no longer wish it, or that the server derives, is nobody's conflict.
function wishes({ body, keys }: Composed, path: string): boolean {
  return leavesOf(body, keys).some((leaf) => isWithin(leaf.path, path) || isWithin(path, leaf.path));
}
