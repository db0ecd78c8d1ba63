import type { KubeObject, RefusalCause } from '../../../model/kube.ts';
import { isWithin, splitPath } from '../../../model/kube-fields.ts';
import { isEqual } from '../compare/json.ts';
import { type Edit, leavesOf } from '../compare/leaves.ts';
import { listKeysOf } from '../compare/list-keys.ts';
import type { Composed } from './compose.ts';
import { essenceOf } from './marks.ts';

/**
 * A live field that can't stay beside what we wish, though server-side apply would leave it: another source of our volume,
 * an item that has the name of ours under another key.
 */
export interface Clash {
  readonly path: string;
  /** What of ours it stands against. */
  readonly against: string;
}

const fits: ReadonlySet<string> = new Set(['FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate']);

/** Which live fields are why a server refuses the sum of an object and a wish; empty when the wish itself is wrong. */
export function clashesOf(live: KubeObject, composed: Composed, causes: readonly RefusalCause[]): readonly Clash[] {
  const view = viewOf(live, composed);
  const found = causes
    .filter(({ reason }) => fits.has(reason))
    .flatMap(({ field, reason }) => (reason === 'FieldValueDuplicate' ? doubles(field, view) : besides(field, view)));
  return [...new Map(found.map((clash) => [clash.path, clash])).values()];
}

interface View {
  readonly wished: readonly Edit[];
  /** Live leaves that are no part of the wish. */
  readonly others: readonly Edit[];
}

function viewOf(live: KubeObject, { body, keys }: Composed): View {
  const { apiVersion: _, kind: _kind, ...fields } = essenceOf(live);
  const wished = leavesOf(body, keys);
  const others = leavesOf(fields, listKeysOf(live)).filter(
    ({ path }) => !wished.some((one) => isWithin(one.path, path) || isWithin(path, one.path)),
  );
  return { wished, others };
}

// The server names one of the fields that exclude each other: ours, or the one that is in its way.
function besides(field: string, { wished, others }: View): readonly Clash[] {
  const steps = splitPath(field).length;
  const around = shapeOf(parentOf(field));
  const near = others.filter(({ path }) => {
    const parent = cut(path, steps - 1);
    return steps > 1 && shapeOf(parent) === around && path !== parent && isWished(parent, wished);
  });
  const named = near.filter(({ path }) => shapeOf(cut(path, steps)) === shapeOf(field));
  return (named.length > 0 ? named : near).map(({ path }) => {
    const whole = cut(path, steps);
    return { path: isWished(whole, wished) ? path : whole, against: cut(path, steps - 1) };
  });
}

// `spec.ports[1].name` is there twice: an item that isn't ours has the name of one that is.
function doubles(field: string, { wished, others }: View): readonly Clash[] {
  const name = splitPath(field).at(-1) ?? '';
  const sameField = (edits: readonly Edit[]): readonly Edit[] =>
    edits.filter(({ path }) => shapeOf(path) === shapeOf(field) && !name.startsWith('['));
  return sameField(others).flatMap(({ path, after }) => {
    const ours = sameField(wished).find((one) => isEqual(one.after, after));
    const item = parentOf(path);
    return ours && !isWished(item, wished) ? [{ path: item, against: parentOf(ours.path) }] : [];
  });
}

function isWished(path: string, wished: readonly Edit[]): boolean {
  return wished.some((one) => isWithin(one.path, path));
}

// Without which item it is: a refusal counts the items of the sum, in an order that nobody promises.
function shapeOf(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '[]');
}

function parentOf(path: string): string {
  return cut(path, splitPath(path).length - 1);
}

/** The first steps of a path. */
function cut(path: string, steps: number): string {
  return splitPath(path)
    .slice(0, Math.max(0, steps))
    .reduce((way, step) => (way === '' || step.startsWith('[') ? way + step : `${way}.${step}`), '');
}
