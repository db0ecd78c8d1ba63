import { expect } from 'vitest';
import { isPending, type PlannedChange } from '../../../src/model/plan.ts';
import type { FieldChange } from '../../../src/model/resource.ts';
import type { BuiltPlan } from '../../../src/plan/build.ts';
import type { Prepared } from '../../../src/plan/prepare.ts';
import { type Scene, Stage } from './scenes.ts';
import type { Tried } from './try-all.ts';

const linesOf = ({ steps }: BuiltPlan): readonly Prepared[] => steps.flatMap(({ resources }) => resources);
const changesOf = (built: BuiltPlan): readonly PlannedChange[] => linesOf(built).map(({ change }) => change);
/** What can't be carried out is refused before anything is touched. */
export const isRefused = (built: BuiltPlan): boolean => changesOf(built).some(({ problem }) => problem !== undefined);

const outcomes = {
  create: 'created',
  update: 'updated',
  adopt: 'adopted',
  replace: 'replaced',
  remove: 'removed',
  restart: 'restarted',
};

/** What really happened to a resource, field by field. */
function happened(before: Prepared, after: Prepared | undefined): readonly FieldChange[] {
  const [a, b] = [before, after].map((one) => (one?.reading?.is === 'present' ? one.reading.live : null));
  return before.resource.handle.type.compare(a as never, b as never);
}

/** A plan writes nothing; what is exact happens exactly, and nothing else is written (R5). */
export async function happensAsPlanned(one: Scene): Promise<Tried> {
  const stage = new Stage(one);
  const { world } = stage;
  const before = stage.snapshot();
  const planned = await world.build();
  expect(stage.writes()).toBe(0);
  expect(stage.snapshot()).toEqual(before);
  if (isRefused(planned)) return 'refused';
  const result = await world.up();
  expect(result, JSON.stringify(result.failure)).toMatchObject({ code: 0 });
  const said = new Map(
    world.events.flatMap((event) => (event.type === 'resource-finished' ? [[event.address, event.outcome]] : [])),
  );
  const after = await world.build();
  expect(changesOf(after).filter(isPending)).toEqual([]);
  for (const line of linesOf(planned)) {
    const { verb, certainty, fields, address } = line.change;
    const moved = happened(
      line,
      linesOf(after).find(({ change }) => change.address === address),
    ).map(({ path }) => path);
    if (!isPending(line.change)) expect([address, moved]).toEqual([address, []]);
    else if (certainty === 'exact') {
      expect([address, said.get(address)]).toEqual([address, outcomes[verb as keyof typeof outcomes]]);
      if (verb === 'update' || verb === 'adopt')
        expect([address, moved.toSorted()]).toEqual([address, fields.map(({ path }) => path).toSorted()]);
    }
  }
  return stage.writes() === 0 ? 'nothing to try' : 'tried';
}

/** A saved plan happens as it stands, or nothing does (R5). */
export async function happensAsSaved(one: Scene): Promise<Tried> {
  const stage = new Stage(one);
  const { world } = stage;
  const planned = await world.build();
  if (isRefused(planned)) return 'refused';
  const saved = await world.save();
  for (const drift of one.drifts) stage.happen(drift);
  const before = stage.snapshot();
  const now = await world.build();
  const result = await world.upExactly(saved);
  const touched = linesOf(planned).filter((line, i) => {
    if (line.change.verb === 'skip') return false;
    const paths = new Set([...line.change.fields, ...(linesOf(now)[i]?.change.fields ?? [])].map(({ path }) => path));
    const moved = happened(line, linesOf(now)[i]);
    return moved.some(({ path }) => paths.has(path) || path === 'kind' || path === 'metadata.name');
  });
  if (result.code === 5) expect(stage.snapshot()).toEqual(before);
  else expect(result, JSON.stringify(result.failure)).toMatchObject({ code: 0 });
  const exactly = touched.filter(({ change }) => change.certainty === 'exact');
  if (exactly.length > 0) expect(result.code).toBe(5);
  if (JSON.stringify(changesOf(now)) === JSON.stringify(changesOf(planned)) && touched.length === 0)
    expect(result.code).toBe(0);
  return changesOf(planned).some(isPending) ? 'tried' : 'nothing to try';
}
