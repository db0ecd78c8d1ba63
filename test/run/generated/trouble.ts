import fc from 'fast-check';
import { expect } from 'vitest';
import type { FakeKubeOptions } from '../../../src/connect/fake/kube.ts';
import { isRefused } from './exactness.ts';
import { type Scene, Stage, scene } from './scenes.ts';
import type { Tried } from './try-all.ts';

/** A journal record at which a process is killed. */
interface Kill {
  readonly record: number;
  /** Whether that record still reaches the disk. */
  readonly keeps: boolean;
}

/** What goes wrong in a first run: counted from 1, past its end nothing does. */
type Failure =
  | { readonly is: 'host refuses' | 'answer lost' | 'cluster refuses'; readonly at: number }
  /** The connection breaks after so many operations of that change, and stays silent for so many questions. */
  | { readonly is: 'connection cut'; readonly at: number; readonly after: number; readonly silent: number }
  | ({ readonly is: 'killed' } & Kill);

export interface Trouble {
  readonly scene: Scene;
  readonly failure: Failure;
  /** Undo after undo is killed, before one is left alone. */
  readonly kills: readonly Kill[];
}

const kill: fc.Arbitrary<Kill> = fc.record({ record: fc.integer({ min: 1, max: 8 }), keeps: fc.boolean() });
const at = fc.integer({ min: 1, max: 4 });

export const trouble: fc.Arbitrary<Trouble> = fc.record({
  scene,
  failure: fc.oneof(
    fc.record({ is: fc.constantFrom('host refuses' as const, 'answer lost' as const, 'cluster refuses' as const), at }),
    fc.record({ is: fc.constant('connection cut' as const), at, after: fc.nat(2), silent: fc.nat(1) }),
    kill.map((one) => ({ is: 'killed' as const, ...one })),
  ),
  kills: fc.array(kill, { maxLength: 2 }),
});

/** A run that fails anywhere, and an undo that is killed twice over, give back what was there before (R3). */
export async function isUndone({ scene: one, failure, kills }: Trouble): Promise<Tried> {
  const cluster = clusterThat(failure);
  const stage = new Stage(one, cluster.options);
  const { world } = stage;
  if (isRefused(await world.build())) return 'refused';
  const before = stage.snapshot();
  if (failure.is === 'host refuses') world.host.failAt = failure.at;
  if (failure.is === 'connection cut') world.host.cut = failure;
  if (failure.is === 'killed') world.journal.crashAt(failure.record, failure.keeps);
  const { code } = await world.up().catch(() => ({ code: 1 }));
  let isStruck = code !== 0;
  cluster.recover();
  world.journal.revive();
  world.host.failAt = undefined;
  world.host.cut = undefined;
  for (const { record, keeps } of kills) {
    world.journal.crashAt(record, keeps);
    await world.undo().catch(() => undefined);
    isStruck ||= world.journal.crashed;
    world.journal.revive();
  }
  const undone = await world.undo();
  expect(undone, JSON.stringify(undone.failure)).toMatchObject({ code: 0 });
  expect(stage.snapshot()).toEqual(before);
  const writes = stage.writes();
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(stage.writes()).toBe(writes);
  return isStruck ? 'tried' : 'nothing to try';
}

/** A cluster that refuses one of the writes of a first run, or whose answer to it is lost. */
function clusterThat(failure: Failure): { readonly options: FakeKubeOptions; recover(): void } {
  let isTroubled = true;
  const fail = (count: number): void => {
    if (isTroubled && 'at' in failure && count === failure.at) throw new Error('it failed, as the test asked for');
  };
  const recover = (): void => {
    isTroubled = false;
  };
  if (failure.is === 'answer lost') return { options: { afterWrite: fail }, recover };
  return { options: failure.is === 'cluster refuses' ? { beforeWrite: fail } : {}, recover };
}

/** A journal that can't be written stops the run before its next write (R10). */
export async function isStopped({ scene: one, kills: [first] }: Trouble): Promise<Tried> {
  const stage = new Stage(one);
  const { world } = stage;
  const before = stage.snapshot();
  if (isRefused(await world.build())) return 'refused';
  const at = first?.record ?? 1;
  world.journal.failAt(at);
  let writes: number | undefined;
  const append = world.journal.append.bind(world.journal);
  world.journal.append = async (entry) =>
    append(entry).catch((error: unknown) => {
      writes ??= stage.writes();
      throw error;
    });
  const { code } = await world.up();
  if (writes === undefined) return 'nothing to try';
  expect({ code, writes: stage.writes() }).toEqual({ code: 1, writes });
  world.journal.revive();
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(stage.snapshot()).toEqual(before);
  return 'tried';
}
