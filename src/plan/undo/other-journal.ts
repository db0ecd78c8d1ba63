import type { TargetState } from '../../model/connections.ts';
import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import { noGit } from '../../model/git.ts';
import type { Target } from '../../model/project.ts';
import type { AnyType } from '../../model/resource.ts';
import { type Reach, readerFor } from '../access.ts';
import type { CompiledResource } from '../compile.ts';
import { openTargets, type UndoInput } from './undo.ts';

/** The run that wrote a thing last, by its own mark, where this journal doesn't know that run. */
export function strangeRun(type: AnyType, live: unknown, runs: ReadonlySet<string>): string | undefined {
  const run = live === null ? undefined : type.lastRun?.(live);
  return run === undefined || runs.has(run) ? undefined : run;
}

/** What another journal's run wrote can only be given back from there: this one doesn't know what was there before. */
export function writtenElsewhere(titles: readonly string[], run: string): Diagnostic {
  const [first, ...others] = titles;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return problem('other-journal', `${first}${more}: last written by run ${run}, which this journal doesn't know`, {
    detail: others.slice(0, 10),
    help: 'undo it where that run was made, with the same checkout and inventory; `cairn history` there lists it',
  });
}

/**
 * What the steps declare, the journal has nothing of, and yet another journal's runs made: to call it "nothing to undo" would
 * be wrong. One problem for each such run.
 */
export async function foundElsewhere(input: UndoInput): Promise<readonly Diagnostic[]> {
  const places = await openTargets(input);
  const known = new Set(input.baseline.map(({ target, address }) => `${target} ${address}`));
  const asked = input.compiled.flatMap(({ resources }) =>
    resources.flatMap((resource) => {
      const state = stateOf(places, resource.target);
      const isAsked =
        state?.is === 'open' && !known.has(`${state.id} ${resource.address}`) && resource.handle.type.lastRun;
      return isAsked ? [runOf(resource, state, input.runs)] : [];
    }),
  );
  const found = (await Promise.all(asked)).filter((one) => one !== null);
  const byRun = Map.groupBy(found, ({ run }) => run);
  return [...byRun].map(([run, ones]) => writtenElsewhere([...new Set(ones.map(({ title }) => title))], run));
}

function stateOf(
  places: readonly { readonly target: Target; readonly state: TargetState }[],
  { kind, name }: Target,
): TargetState | undefined {
  return places.find(({ target }) => target.kind === kind && target.name === name)?.state;
}

async function runOf(
  { handle: { type, id }, title, target }: CompiledResource,
  state: TargetState,
  runs: ReadonlySet<string>,
): Promise<{ readonly title: string; readonly run: string } | null> {
  const reach: Reach = {
    host: target.kind === 'host' ? state : undefined,
    cluster: target.kind === 'cluster' ? state : undefined,
    http: { send: () => Promise.reject(new Error('nothing is asked by HTTP')) },
    git: noGit,
  };
  const reading = await type.read(id, readerFor(type.on, reach));
  const run = reading.is === 'present' ? strangeRun(type, reading.live, runs) : undefined;
  return run === undefined ? null : { title, run };
}
