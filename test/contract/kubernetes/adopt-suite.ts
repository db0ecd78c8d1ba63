import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import type { Difference } from '../../../src/model/resource.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import type { Live } from '../../../src/resources/kubernetes/live.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import { marksOn } from '../../../src/resources/kubernetes/owned.ts';
import type { KubeWorld, Server } from './world.ts';

/** What was there before becomes ours, and what is ours is let go. On the fake and on the real server alike. */
export function adoptSuite(server: Server): void {
  describe(`adopting and letting go on ${server.name}`, () => {
    const want: Want = { data: { mode: 'fast' } };
    let world: KubeWorld;
    let id: ObjectRef;

    beforeEach(async () => {
      world = await server.open();
      id = { apiVersion: 'v1', kind: 'ConfigMap', namespace: world.namespace, name: 'settings' };
    });
    afterEach(async () => await world.close());

    const live = async (): Promise<Live> => {
      const reading = await type.read(id, world.reader);
      if (reading.is !== 'present') throw new Error(`it is ${reading.is}`);
      return reading.live;
    };
    const diff = async (wish: Want = want): Promise<Difference> => {
      const now = await live();
      const merged = await type.merge?.(id, wish as Planned<Want>, now, world.reader, {});
      return type.diff(now, wish as Planned<Want>, merged?.live);
    };
    const write = async (base: Live | null, wish: Want = want): Promise<void> => {
      expect((await type.write({ id, want: wish, live: base, options: { run: 'r1' } }, world.writer)).is).toBe(
        'written',
      );
    };
    const letGo = async () => type.letGo?.({ id, live: await live() }, world.writer);
    const byHand = (mode: string): Promise<void> =>
      world.edit(id, 'kubectl-edit', (object) => {
        objectAt(object, 'data').mode = mode;
        return object;
      });
    const ownersOf = ({ object }: Live): readonly string[] =>
      (object.metadata.managedFields ?? []).map(({ manager }) => manager);

    it('adopts what is as wished already, so that what changes later is drift; undo gives all of it back', async () => {
      await byHand('fast');
      const was = await world.snapshot();
      const before = await live();
      expect(await diff()).toEqual({ changes: [], foreign: [], adopts: true });
      await write(before);
      expect(await diff()).toEqual({ changes: [], foreign: [] });
      await byHand('slow');
      const { changes, foreign } = await diff();
      expect([changes.map(({ path, note }) => [path, note?.slice(0, 25)]), foreign]).toEqual([
        [['data.mode', 'drift, set by kubectl-edi']],
        [],
      ]);
      await byHand('fast');
      expect(type.compare(await live(), before)).toEqual([]);
      await type.restore({ id, before, live: await live() }, world.writer);
      expect(await world.snapshot()).toEqual(was);
    });

    it('lets go of what it made: the values stay, and nothing says that they were ours', async () => {
      await write(null);
      await world.edit(id, 'somebody', (object) => {
        objectAt(objectAt(object, 'metadata'), 'labels').team = 'blue';
        return object;
      });
      expect(marksOn((await live()).object).length).toBeGreaterThan(2);
      expect((await letGo())?.is).toBe('written');
      const after = await live();
      expect(marksOn(after.object)).toEqual([]);
      expect(after.object.data).toEqual({ mode: 'fast' });
      expect(after.object.metadata.labels).toEqual({ team: 'blue' });
      expect(after.object.metadata.annotations).toBeUndefined();
      expect(ownersOf(after)).toEqual(['somebody']);
      const { resourceVersion } = after.object.metadata;
      await letGo();
      expect((await live()).object.metadata.resourceVersion).toBe(resourceVersion);
    });

    it('adopts again what it let go of, and undo leaves it as it was then', async () => {
      await write(null);
      await letGo();
      const was = await world.snapshot();
      const before = await live();
      expect(ownersOf(before)).toEqual(['before-first-apply']);
      expect(await diff()).toEqual({ changes: [], foreign: [], adopts: true });
      await write(before);
      expect(await diff({ data: { mode: 'faster' } })).toMatchObject({ changes: [{ path: 'data.mode' }], foreign: [] });
      await write(await live(), { data: { mode: 'faster' } });
      await type.restore({ id, before, live: await live() }, world.writer);
      expect(await world.snapshot()).toEqual(was);
    });

    it('does not overwrite what somebody changed since it was let go of', async () => {
      await write(null);
      await letGo();
      await byHand('slow');
      expect((await diff()).foreign).toEqual([{ path: 'data.mode', owner: 'kubectl-edit' }]);
      expect((await diff({ data: { mode: 'slow' } })).foreign).toEqual([]);
    });

    it('does not overwrite what nobody owns at all', async () => {
      await byHand('slow');
      await world.edit(id, 'somebody', (object) => {
        objectAt(object, 'metadata').managedFields = [{}];
        return object;
      });
      expect(ownersOf(await live())).toEqual([]);
      expect((await diff()).foreign).toEqual([{ path: 'data.mode', owner: 'before-first-apply' }]);
      expect((await diff({ data: { mode: 'slow' } })).foreign).toEqual([]);
    });

    it('lets go of what somebody changed or removed meanwhile', async () => {
      await write(null);
      const planned = await live();
      await byHand('slow');
      expect((await type.letGo?.({ id, live: planned }, world.writer))?.is).toBe('written');
      expect((await live()).object.data).toEqual({ mode: 'slow' });
      await world.edit(id, 'somebody', () => null);
      expect(await type.letGo?.({ id, live: planned }, world.writer)).toEqual({ is: 'written', live: null });
    });
  });
}
