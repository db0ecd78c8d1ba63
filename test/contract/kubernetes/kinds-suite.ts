import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Planned } from '../../../src/model/deferred.ts';
import { type AnyType, handleOf } from '../../../src/model/resource.ts';
import { examples } from './examples.ts';
import type { KubeWorld, Server } from './world.ts';

/** Every helper's kind: what is written is unchanged the second time, and gone when it is taken back. */
export function kindsSuite(server: Server): void {
  describe(`helpers of kinds on ${server.name}`, () => {
    let world: KubeWorld;

    beforeEach(async () => {
      world = await server.open();
    });
    afterEach(async () => await world.close());

    it.each(Object.keys(examples('names')))(
      '%s is unchanged the second time, and gone when it is taken back',
      async (kind) => {
        const example = examples(world.namespace)[kind];
        if (!example) throw new Error(`no example of ${kind}`);
        const { type, id, want } = handleOf(example);
        const made = await type.write({ id, want, live: null, options: { run: 'r1' } }, world.writer as never);
        expect(made.is).toBe('written');
        const live = await liveOf(type, id);
        const merged = await type.merge?.(id, want as Planned<unknown>, live, world.reader as never, {});
        expect(type.diff(live, want as Planned<unknown>, merged?.live)).toEqual({ changes: [], foreign: [] });
        await type.restore({ id, before: null, live }, world.writer as never);
        expect((await type.read(id, world.reader as never)).is).toBe('absent');
      },
    );

    async function liveOf(type: AnyType, id: unknown): Promise<unknown> {
      const reading = await type.read(id, world.reader as never);
      if (reading.is !== 'present') throw new Error(`it is ${reading.is}`);
      return reading.live;
    }
  });
}
