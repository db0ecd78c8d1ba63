import { isPending, type PlannedChange } from '../model/plan.ts';
import type { Target } from '../model/project.ts';
import type { PreparedStep } from './build.ts';
import { keyOf } from './compile.ts';
import { keyPattern } from './pattern.ts';
import type { Prepared } from './prepare.ts';

/** What earlier changes may have done to others besides themselves. */
class Reached {
  // Most are plain addresses: only those with a * have to be tried one by one, and few of them begin alike.
  readonly #exact = new Map<string, string>();
  readonly #patterns: { readonly by: string; readonly start: string; readonly matches: RegExp }[] = [];

  add({ resource: { handle, target }, change }: Prepared): void {
    for (const pattern of handle.type.touches?.(handle.id) ?? []) {
      const key = keyOf(target, pattern);
      const star = key.indexOf('*');
      if (pattern.includes('*'))
        this.#patterns.push({ by: change.title, start: key.slice(0, star), matches: keyPattern(target, pattern) });
      else if (!this.#exact.has(key)) this.#exact.set(key, change.title);
    }
  }

  /** The title of what may have changed it. */
  by({ resource: { target, address } }: Prepared): string | undefined {
    const key = keyOf(target, address);
    const isMeant = ({ start, matches }: { readonly start: string; readonly matches: RegExp }): boolean =>
      key.startsWith(start) && matches.test(key);
    return this.#exact.get(key) ?? this.#patterns.find(isMeant)?.by;
  }
}

/** Earlier changes of a plan: what something that starts anew may follow. */
class Changed {
  readonly #byTarget = new Map<string, { readonly title: string; readonly id: unknown }[]>();

  add({ resource: { handle, target }, change: { title } }: Prepared): void {
    const key = targetKey(target);
    const all = this.#byTarget.get(key) ?? [];
    all.push({ title, id: handle.id });
    this.#byTarget.set(key, all);
  }

  /** The title of the first that makes it start anew. */
  followedBy({ resource: { handle, target }, reading }: Prepared): string | undefined {
    const { type, id } = handle;
    if (!type.restarts || reading?.is !== 'present') return undefined;
    const { live } = reading;
    return this.#byTarget.get(targetKey(target))?.find((other) => type.restarts?.follows(id, live, other.id))?.title;
  }
}

/**
 * Marks what can't be said exactly, walking the steps in the order in which they will run: a resource inside what an
 * earlier change `touches`, or a probe that is answered differently after an earlier change or a gate, is undecided.
 */
export function decide(steps: readonly PreparedStep[]): readonly PreparedStep[] {
  const reached = new Reached();
  const changed = new Changed();
  const changing = new Map<string, string>();
  return steps.map((step) => ({
    ...step,
    resources: step.resources.map((prepared) => {
      const decided = decideOne(followUp(prepared, changed), reached, changing);
      const { change, resource } = decided;
      if (isPending(change)) {
        reached.add(decided);
        changed.add(decided);
      }
      // What a gate waits for is about to change by itself.
      if ((isPending(change) || change.verb === 'wait') && !changing.has(targetKey(resource.target)))
        changing.set(targetKey(resource.target), change.title);
      return decided;
    }),
  }));
}

function decideOne(prepared: Prepared, reached: Reached, changing: ReadonlyMap<string, string>): Prepared {
  const { change, resource } = prepared;
  const follows = change.certainty === 'predicted' && change.verb === 'restart';
  const isSettled = change.certainty === 'undecided' || change.verb === 'skip' || follows;
  if (resource.handle.mode !== 'managed' || isSettled) return prepared;
  const by = reached.by(prepared);
  if (by !== undefined) return undecided(prepared, `after ${by}`);
  const other = changing.get(targetKey(resource.target));
  const asksAgain = other !== undefined && resource.handle.type.probes?.(resource.handle.id) === true;
  return asksAgain ? undecided(prepared, `its probe is asked again after ${other}`) : prepared;
}

// That it starts anew is sure, the rest is looked at again before.
function followUp(prepared: Prepared, changed: Changed): Prepared {
  const { change, resource } = prepared;
  if (resource.handle.mode !== 'managed' || !['unchanged', 'restart'].includes(change.verb)) return prepared;
  const after = changed.followedBy(prepared);
  return after === undefined ? prepared : restarted(prepared, after);
}

function restarted(prepared: Prepared, after: string): Prepared {
  return withChange(prepared, { verb: 'restart', certainty: 'predicted', why: `after ${after}` });
}

function undecided(prepared: Prepared, why: string): Prepared {
  const verb = isPending(prepared.change) ? prepared.change.verb : 'undecided';
  return withChange(readLater(prepared), { verb, certainty: 'undecided', why });
}

// What can't be read now, or is in the way, may be otherwise after that change; the run looks again, and stops there if it isn't.
function readLater(prepared: Prepared): Prepared {
  if (prepared.change.verb !== 'refused') return prepared;
  const { problem: _, ...change } = prepared.change;
  return { ...prepared, change };
}

function withChange(prepared: Prepared, more: Partial<PlannedChange>): Prepared {
  return { ...prepared, change: { ...prepared.change, ...more } };
}

function targetKey({ kind, name }: Target): string {
  return `${kind}:${name}`;
}
