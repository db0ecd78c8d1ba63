import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import { isPending, type PlannedChange } from '../../model/plan.ts';
import type { FieldChange } from '../../model/resource.ts';
import type { Grounds, SavedPlan } from '../../model/saved-plan.ts';
import type { BuiltPlan } from '../build.ts';
import { Printer } from './prints.ts';
import { groundsKey, groundsOf, targetsOf, withoutSecrets } from './save.ts';

/** A line of a plan with what it is made from. */
interface Line {
  readonly change: PlannedChange;
  readonly grounds: Grounds;
}

/**
 * What keeps a saved plan from happening exactly as it stands: a problem for each resource that moved, with every field,
 * before and now. Steps and values are taken to be the same. None: carrying out `now` is carrying out what was saved.
 */
export function movedSince(saved: SavedPlan, now: BuiltPlan): readonly Diagnostic[] {
  const others = movedTargets(saved, targetsOf(now.steps));
  if (others.length > 0) return others;
  const before = linesOf(saved.plan, saved.grounds);
  const after = linesOf(withoutSecrets(now.plan), groundsOf(now, new Printer(saved.key)));
  const fresh = [...after].filter(([key, { change }]) => !before.has(key) && isPending(change));
  return [
    ...[...before].flatMap(([key, line]) => movedLine(line, after.get(key))),
    ...fresh.map(([, { change }]) => moved(change.title, ['it was not part of the plan'])),
  ];
}

function moved(title: string, detail: readonly string[]): Diagnostic {
  return problem('moved', `${title} moved since the plan was made`, { detail, help: planAgain });
}

function movedTargets({ targets }: SavedPlan, now: SavedPlan['targets']): readonly Diagnostic[] {
  return Object.entries(targets)
    .filter(([name, id]) => now[name] !== id)
    .map(([name, id]) =>
      problem('moved', `${name.replace(':', ' ')} is another one than when the plan was made`, {
        detail: [`${id ?? 'not there'}  →  ${now[name] ?? 'not there'}`],
        help: planAgain,
      }),
    );
}

const planAgain = 'plan again, and look at the difference';

function linesOf(plan: SavedPlan['plan'], grounds: SavedPlan['grounds']): ReadonlyMap<string, Line> {
  const lines = plan.steps.flatMap(({ id, target, changes }) =>
    changes.map((change) => {
      const key = `${id} ${target} ${change.target} ${change.address}`;
      return [key, { change, grounds: grounds[groundsKey(change)] ?? nothing }] as const;
    }),
  );
  return new Map(lines);
}

const nothing: Grounds = { want: '', before: {} };

function movedLine(then: Line, now: Line | undefined): readonly Diagnostic[] {
  const detail = now ? differences(then, now) : ['it is no longer part of the plan'];
  return detail.length === 0 ? [] : [moved(then.change.title, detail)];
}

/** In words, how a line differs from what it was; nothing where it still fits. */
function differences(then: Line, now: Line): readonly string[] {
  const [was, is] = [then.change, now.change];
  if (is.problem && is.verb !== 'foreign') return [is.problem.summary];
  if (onlyLooks(is) || (onlyLooks(was) && !isPending(is))) return [];
  // What was not said for sure may have turned out unchanged already.
  if (was.certainty !== 'exact' && !isPending(is) && is.verb !== 'foreign') return [];
  if (was.verb !== is.verb) return verbMoved(then, now);
  const fields = movedFields(then, now);
  const isVague = was.certainty === 'exact' && is.certainty !== 'exact';
  return fields.length > 0 || !isVague ? fields : [`it can't be said for sure any more: ${is.why ?? is.certainty}`];
}

function onlyLooks({ verb }: PlannedChange): boolean {
  return verb === 'read' || verb === 'wait';
}

function verbMoved(then: Line, now: Line): readonly string[] {
  const [was, is] = [then.change, now.change];
  if (is.verb === 'foreign') return is.foreign.map(({ path, owner }) => `${path} belongs to ${owner} now`);
  if (is.verb === 'create') return ['it was there, and is gone now'];
  if (was.verb === 'create') return ['it was absent, and is there now'];
  if (was.verb === 'skip' || is.verb === 'skip')
    return [`whether it is wanted at all changed: ${is.why ?? was.why ?? ''}`];
  const fields = movedFields(then, now);
  if (fields.length > 0) return fields;
  return [`${was.verb} was planned, and now it is ${is.verb}${is.why === undefined ? '' : `: ${is.why}`}`];
}

function movedFields(then: Line, now: Line): readonly string[] {
  const [was, is] = [byPath(then.change), byPath(now.change)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  const found = paths.flatMap((path) => {
    const [a, b] = [was.get(path), is.get(path)];
    if (!a || !b) return [`${path}  ${cameOrWent(a, b)}`];
    if (a.before !== b.before) return [`${path}  ${shown(a.before)}  →  ${shown(b.before)}`];
    if (a.after !== b.after || a.how !== b.how)
      return [`${path}  would become ${shown(b.after)}, not ${shown(a.after)}`];
    return then.grounds.before[path] === now.grounds.before[path] ? [] : [`${path}  changed, in what plans don't show`];
  });
  if (found.length > 0 || !isPending(then.change)) return found;
  if (then.grounds.before[''] !== now.grounds.before['']) return ['it is not what it was'];
  return then.grounds.want === now.grounds.want ? [] : ['what it is made from changed'];
}

// A field that is not in the plan has the value that is wished.
function cameOrWent(was: FieldChange | undefined, is: FieldChange | undefined): string {
  if (was) return was.secret ? 'is as wished already' : `${shown(was.before)}  →  ${shown(was.after)}`;
  return is?.secret ? 'changed (secret)' : `${shown(is?.after)}  →  ${shown(is?.before)}`;
}

function shown(value: string | undefined): string {
  return value ?? '(none)';
}

function byPath({ fields }: PlannedChange): ReadonlyMap<string, FieldChange> {
  return new Map(fields.map((field) => [field.path, field]));
}
