import { laterIn } from '../model/deferred.ts';
import { isPending, type PlannedChange } from '../model/plan.ts';
import type { PreparedStep } from './build.ts';
import { type CompiledResource, keyOf } from './compile.ts';
import { keyPattern } from './pattern.ts';
import type { Prepared } from './prepare.ts';

/** What an earlier change may do to others besides itself. */
interface Reaching {
  readonly by: string;
  readonly matches: RegExp;
}

/**
 * Marks what can't be said exactly, walking the steps in the order in which they will run: a resource inside what an
 * earlier change `touches`, or a probe that is answered differently after an earlier change or a gate, is undecided.
 */
export function decide(steps: readonly PreparedStep[]): readonly PreparedStep[] {
  const reaching: Reaching[] = [];
  const changing = new Map<string, string>();
  return steps.map((step) => ({
    ...step,
    resources: step.resources.map((prepared) => {
      const decided = decideOne(prepared, reaching, changing);
      const { change, resource } = decided;
      if (isPending(change)) reaching.push(...touchesOf(decided));
      // What a gate waits for is about to change by itself.
      if ((isPending(change) || change.verb === 'wait') && !changing.has(targetKey(resource)))
        changing.set(targetKey(resource), change.title);
      return decided;
    }),
  }));
}

function decideOne(prepared: Prepared, reaching: readonly Reaching[], changing: ReadonlyMap<string, string>): Prepared {
  const { change, resource } = prepared;
  if (resource.handle.mode !== 'managed' || change.certainty === 'undecided') return prepared;
  const key = keyOf(resource.target, resource.address);
  const touched = reaching.find(({ matches }) => matches.test(key));
  if (touched) return undecided(prepared, `after ${touched.by}`);
  const other = changing.get(targetKey(resource));
  const asksAgain = other !== undefined && resource.handle.type.probes?.(resource.handle.id) === true;
  return asksAgain ? undecided(prepared, `its probe is asked again after ${other}`) : prepared;
}

function undecided(prepared: Prepared, why: string): Prepared {
  const verb = isPending(prepared.change) ? prepared.change.verb : 'undecided';
  return withChange(readLater(prepared), { verb, certainty: 'undecided', why });
}

// What can't be read now may be readable after that change; the run reads it again, and stops there if it still isn't.
function readLater(prepared: Prepared): Prepared {
  if (prepared.reading?.is !== 'unreadable') return prepared;
  const { problem: _, ...change } = prepared.change;
  return { ...prepared, change };
}

function withChange(prepared: Prepared, more: Partial<PlannedChange>): Prepared {
  return { ...prepared, change: { ...prepared.change, ...more } };
}

function touchesOf({ resource, want, change }: Prepared): readonly Reaching[] {
  const { type, id } = resource.handle;
  if (laterIn(want).length > 0) return [];
  return (type.touches?.(id, want) ?? []).map((pattern) => ({
    by: change.title,
    matches: keyPattern(resource.target, pattern),
  }));
}

function targetKey({ target }: CompiledResource): string {
  return `${target.kind}:${target.name}`;
}
