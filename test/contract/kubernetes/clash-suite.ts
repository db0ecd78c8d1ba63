import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isObject, type Mutable, objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import type { Difference, Merged, Written } from '../../../src/model/resource.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import type { Live } from '../../../src/resources/kubernetes/live.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import type { KubeWorld, Server } from './world.ts';

const web = (more: Mutable = {}, pods: Mutable = {}): Want => ({
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image: 'web:1', env: [{ name: 'MODE', value: 'fast' }] }],
        volumes: [{ name: 'data', emptyDir: {} }],
        ...pods,
      },
    },
    ...more,
  },
});
const redis: Want = { spec: { selector: { app: 'redis' }, ports: [{ name: 'redis', port: 6379 }] } };

const podsOf = (object: Mutable): Mutable => objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec');
const first = (list: unknown): Mutable => {
  const item: unknown = Array.isArray(list) ? list[0] : undefined;
  if (!isObject(item)) throw new Error('an empty list');
  return item;
};

/** What a stranger put beside or in place of ours, and what the server refuses in sum with it. */
export function clashSuite(server: Server): void {
  describe(`clashes on ${server.name}`, () => {
    let world: KubeWorld;
    let deployment: ObjectRef;
    let service: ObjectRef;

    beforeEach(async () => {
      world = await server.open();
      const { namespace } = world;
      deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
      service = { apiVersion: 'v1', kind: 'Service', namespace, name: 'redis' };
    });
    afterEach(async () => await world.close());

    const live = async (id: ObjectRef): Promise<Live | null> => {
      const reading = await type.read(id, world.reader);
      return reading.is === 'present' ? reading.live : null;
    };
    const diff = async (id: ObjectRef, want: Want, takeOver: readonly string[] = []): Promise<Difference> => {
      const now = await live(id);
      const merged: Merged<Live> | undefined = await type.merge?.(id, want as Planned<Want>, now, world.reader, {
        takeOver,
      });
      return type.diff(merged?.over ?? now, want as Planned<Want>, merged?.live);
    };
    const write = async (id: ObjectRef, want: Want): Promise<Written<Live>> =>
      type.write({ id, want, live: await live(id), options: { run: 'r1' } }, world.writer);
    const edit = (id: ObjectRef, change: (object: Mutable) => void): Promise<void> =>
      world.edit(id, 'kubectl-edit', (object) => {
        change(object);
        return object;
      });
    const swapVolume = (object: Mutable): void => {
      podsOf(object).volumes = [{ name: 'data', configMap: { name: 'theirs' } }];
    };
    const movePort = (object: Mutable): void => {
      first(objectAt(object, 'spec').ports).port = 6380;
    };

    it('plans the volume source of a stranger away, and who set it', async () => {
      await write(deployment, web());
      await edit(deployment, swapVolume);
      const { changes, foreign } = await diff(deployment, web());
      expect(foreign).toEqual([]);
      const volume = 'spec.template.spec.volumes[data]';
      const theirs = changes.find(({ path }) => path === `${volume}.configMap.name`);
      expect(theirs).toMatchObject({ before: 'theirs', note: expect.stringMatching(/^drift, set by kubectl-edit/) });
      expect(theirs?.after).toBeUndefined();
      expect(changes.map(({ path }) => path)).toContain(`${volume}.emptyDir`);
      expect(changes.every(({ path }) => path.startsWith(volume))).toBe(true);
    });

    it('takes back a volume, an environment variable and a port that a stranger replaced, and then finds nothing', async () => {
      await write(deployment, web());
      await write(service, redis);
      await edit(deployment, (object) => {
        swapVolume(object);
        first(podsOf(object).containers).env = [
          { name: 'MODE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
        ];
      });
      await edit(service, movePort);
      for (const [id, want] of [[deployment, web()] as const, [service, redis] as const]) {
        expect((await write(id, want)).is).toBe('written');
        expect(await diff(id, want)).toEqual({ changes: [], foreign: [] });
      }
      const { volumes, containers } = podsOf((await live(deployment))?.object as unknown as Mutable);
      expect(volumes).toEqual([{ name: 'data', emptyDir: {} }]);
      expect(first(containers).env).toEqual([{ name: 'MODE', value: 'fast' }]);
      const { ports } = objectAt((await live(service))?.object as unknown as Mutable, 'spec');
      expect(ports).toMatchObject([{ name: 'redis', port: 6379 }]);
      expect(ports).toHaveLength(1);
    });

    it('keeps what a stranger added elsewhere', async () => {
      await write(deployment, web());
      await edit(deployment, (object) => {
        swapVolume(object);
        const { volumes } = podsOf(object);
        if (Array.isArray(volumes)) volumes.push({ name: 'theirs', emptyDir: {} });
      });
      await write(deployment, web());
      const { volumes } = podsOf((await live(deployment))?.object as unknown as Mutable);
      expect(volumes).toEqual(
        expect.arrayContaining([
          { name: 'theirs', emptyDir: {} },
          { name: 'data', emptyDir: {} },
        ]),
      );
    });

    it('gives a stranger’s port and its owner back', async () => {
      await write(service, redis);
      await edit(service, movePort);
      const before = await live(service);
      const was = await world.snapshot();
      const written = await write(service, redis);
      if (written.is !== 'written') throw new Error(written.is);
      expect((await type.restore({ id: service, before, live: written.live }, world.writer)).is).toBe('written');
      expect(await world.snapshot()).toEqual(was);
    });

    it('stops before a port of our name that never was ours, unless the step takes it', async () => {
      await edit(service, (object) => {
        object.spec = { selector: { app: 'redis' }, ports: [{ name: 'redis', port: 6380 }] };
      });
      const { foreign } = await diff(service, redis);
      expect(foreign).toEqual(expect.arrayContaining([{ path: 'spec.ports[6380/TCP].name', owner: 'kubectl-edit' }]));
      expect((await diff(service, redis, ['spec.ports[6380/TCP]'])).foreign).toEqual([]);
    });

    it('takes such a port from what no run has written yet, and gives it back with its owner', async () => {
      await edit(service, (object) => {
        object.spec = { selector: { app: 'redis' }, ports: [{ name: 'redis', port: 6380 }] };
      });
      const before = await live(service);
      const was = await world.snapshot();
      const written = await write(service, redis);
      if (written.is !== 'written') throw new Error(written.is);
      expect(written.live?.object.spec).toMatchObject({ ports: [{ name: 'redis', port: 6379 }] });
      expect((await type.restore({ id: service, before, live: written.live }, world.writer)).is).toBe('written');
      expect(await world.snapshot()).toEqual(was);
    });

    it('lets defaults go that the server refuses beside a new wish', async () => {
      await write(deployment, web());
      const want = web({ strategy: { type: 'Recreate' } });
      const { changes, foreign } = await diff(deployment, want);
      expect(foreign).toEqual([]);
      expect(changes.map(({ path }) => path)).toContain('spec.strategy.type');
      expect((await write(deployment, want)).is).toBe('written');
      expect(await diff(deployment, want)).toEqual({ changes: [], foreign: [] });
    });

    it('leaves out what the wish no longer has while it clears another clash', async () => {
      await write(deployment, web({ replicas: 2, minReadySeconds: 3 }));
      await edit(deployment, swapVolume);
      const { changes } = await diff(deployment, web({ replicas: 2 }));
      expect(changes.map(({ path }) => path)).toContain('spec.minReadySeconds');
    });

    it('says what is wrong with a wish that nobody stands against', async () => {
      await write(service, redis);
      const twice: Want = {
        spec: {
          ports: [
            { name: 'redis', port: 6379 },
            { name: 'redis', port: 6380 },
          ],
        },
      };
      await expect(diff(service, twice)).rejects.toMatchObject({ code: 'kube-invalid' });
    });

    it('writes nothing when the object was changed since the plan', async () => {
      await write(service, redis);
      await edit(service, movePort);
      const planned = await live(service);
      await edit(service, (object) => {
        first(objectAt(object, 'spec').ports).port = 6381;
      });
      const options = { run: 'r1' };
      const written = await type.write({ id: service, want: redis, live: planned, options }, world.writer);
      expect(written.is).toBe('moved');
    });
  });
}
