import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import type { Live } from '../../../src/resources/kubernetes/live.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import type { KubeWorld, Server } from './world.ts';

const settings = (colour: string): Want => ({ stringData: { colour, shape: 'round' } });

/** What a pod is made anew for, that reads a Secret only at its start. */
export function restartSuite(server: Server): void {
  describe(`the fingerprint of a Secret on ${server.name}`, () => {
    let world: KubeWorld;
    let id: ObjectRef;

    beforeEach(async () => {
      world = await server.open();
      id = { apiVersion: 'v1', kind: 'Secret', namespace: world.namespace, name: 'settings' };
      await write(settings('red'), 'r1');
    });
    afterEach(async () => await world.close());

    const live = async (): Promise<Live | null> => {
      const reading = await type.read(id, world.reader);
      return reading.is === 'present' ? reading.live : null;
    };
    const write = async (want: Want, run: string): Promise<void> => {
      await type.write({ id, want, live: await live(), options: { run } }, world.writer);
    };
    const print = async (): Promise<string> => {
      const now = await live();
      return now ? type.out(now, id).fingerprint : 'gone';
    };
    const byHand = (key: string, value: string | undefined): Promise<void> =>
      world.edit(id, 'kubectl-edit', (object) => {
        const data = objectAt(object, 'data');
        if (value === undefined) delete data[key];
        else data[key] = Buffer.from(value).toString('base64');
        return object;
      });
    const changes = async (want: Want): Promise<readonly string[]> => {
      const now = await live();
      const merged = await type.merge?.(id, want as never, now, world.reader, {});
      return type.diff(now, want as never, merged?.live).changes.map(({ path }) => path);
    };

    it('is another one after a value was changed by hand and taken back, and stays so', async () => {
      const first = await print();
      await byHand('colour', 'green');
      const theirs = await print();
      await write(settings('red'), 'r2');
      const repaired = await print();
      expect(new Set([first, theirs, repaired]).size).toBe(3);
      expect(await changes(settings('red'))).toEqual([]);
      await write({ ...settings('red'), metadata: { labels: { a: 'b' } } }, 'r3');
      expect(await print()).toBe(repaired);
      await byHand('shape', undefined);
      await write(settings('red'), 'r4');
      expect([first, repaired]).not.toContain(await print());
    });

    it('goes by the content alone where nobody else wrote any', async () => {
      const first = await print();
      await write(settings('blue'), 'r2');
      expect(await print()).not.toBe(first);
      await world.edit(id, 'kubectl-label', (object) => {
        objectAt(object, 'metadata').labels = { ...objectAt(objectAt(object, 'metadata'), 'labels'), theirs: 'x' };
        return object;
      });
      await write(settings('red'), 'r3');
      expect(await print()).toBe(first);
    });
  });
}
