import { expect } from 'vitest';
import { isRefused } from './exactness.ts';
import { type Scene, Stage } from './scenes.ts';
import type { Tried } from './try-all.ts';

/** A second run changes nothing and writes nothing: no time of a path and no version of an object is another (R4). */
export async function isQuietAgain(one: Scene): Promise<Tried> {
  const stage = new Stage(one);
  const { world } = stage;
  if (isRefused(await world.build())) return 'refused';
  expect(await world.up()).toMatchObject({ code: 0 });
  const before = { form: stage.snapshot(), times: await stage.times(), writes: stage.writes() };
  world.events.length = 0;
  expect(await world.up()).toMatchObject({ code: 0 });
  expect({ form: stage.snapshot(), times: await stage.times(), writes: stage.writes() }).toEqual(before);
  const outcomes = world.events.flatMap((event) => (event.type === 'resource-finished' ? [event.outcome] : []));
  expect(outcomes.filter((outcome) => outcome !== 'unchanged' && outcome !== 'skipped')).toEqual([]);
  return before.writes === 0 ? 'nothing to try' : 'tried';
}
