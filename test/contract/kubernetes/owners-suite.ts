import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isObject, type Mutable, objectAt } from '../../../src/connect/fake/kube-json.ts';
import { Later, type Planned } from '../../../src/model/deferred.ts';
import { initially } from '../../../src/model/initially.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import type { Difference, Written } from '../../../src/model/resource.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { ownerLabel } from '../../../src/resources/kubernetes/apply/marks.ts';
import type { Live } from '../../../src/resources/kubernetes/live.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import type { KubeWorld, Server } from './world.ts';

const deployment = (image: string, replicas = 1): Want => ({
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

/** Whose field is it: drift, foreign, adopted, later, immutable. On the fake and on the real server alike. */
export function ownersSuite(server: Server): void {
  describe(`owners on ${server.name}`, () => {
    let world: KubeWorld;
    let settings: ObjectRef;
    let web: ObjectRef;

    beforeEach(async () => {
      world = await server.open();
      const { namespace } = world;
      settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    });
    afterEach(async () => await world.close());

    const live = async (id: ObjectRef): Promise<Live | null> => {
      const reading = await type.read(id, world.reader);
      return reading.is === 'present' ? reading.live : null;
    };
    const merge = async (id: ObjectRef, want: unknown, takeOver: readonly string[] = []) =>
      await type.merge?.(id, want as Planned<Want>, await live(id), world.reader, { takeOver });
    const diff = async (id: ObjectRef, want: unknown, takeOver: readonly string[] = []): Promise<Difference> =>
      type.diff(await live(id), want as Planned<Want>, (await merge(id, want, takeOver))?.live);
    const write = async (id: ObjectRef, want: Want, from?: Live | null): Promise<Written<Live>> => {
      const base = from === undefined ? await live(id) : from;
      return type.write({ id, want, live: base, options: { run: 'r1', replace: true } }, world.writer);
    };
    const edit = (id: ObjectRef, manager: string, change: (object: Mutable) => void): Promise<void> =>
      world.edit(id, manager, (object) => {
        change(object);
        return object;
      });

    it('names who changed a field of ours, and how long ago, and calls it drift', async () => {
      await write(web, deployment('web:2'));
      await edit(web, 'kubectl-edit', (object) => {
        objectAt(object, 'spec').replicas = 3;
      });
      const { changes, foreign } = await diff(web, deployment('web:2'));
      expect(foreign).toEqual([]);
      expect(changes).toMatchObject([{ path: 'spec.replicas', how: 'update', before: '3', after: '1' }]);
      expect(changes[0]?.note).toMatch(/^drift, set by kubectl-edit \d+ s ago$/);
    });

    it('calls a new wish for a field of ours no drift', async () => {
      await write(web, deployment('web:2'));
      const { changes } = await diff(web, deployment('web:3'));
      expect(changes).toEqual([
        {
          path: 'spec.template.spec.containers[web].image',
          how: 'update',
          secret: false,
          before: 'web:2',
          after: 'web:3',
        },
      ]);
    });

    it('stops before a field that another applier owns, unless the step takes it', async () => {
      await write(settings, { data: { mode: 'fast' } });
      const { apiVersion, kind, namespace, name } = settings;
      const other = { apiVersion, kind, metadata: { namespace, name }, data: { mode: 'slow' } } as KubeObject;
      await world.applyAs('argocd-controller', other);
      expect((await diff(settings, { data: { mode: 'fast' } })).foreign).toEqual([
        { path: 'data.mode', owner: 'argocd-controller' },
      ]);
      const taken = await diff(settings, { data: { mode: 'fast' } }, ['data.mode']);
      expect(taken.foreign).toEqual([]);
      expect(taken.changes.map(({ path }) => path)).toEqual(['data.mode']);
    });

    it('stops before a field that never was ours', async () => {
      await edit(settings, 'somebody', (object) => {
        object.data = { mode: 'slow' };
      });
      expect((await diff(settings, { data: { mode: 'fast' } })).foreign).toEqual([
        { path: 'data.mode', owner: 'somebody' },
      ]);
      expect((await diff(settings, { data: { mode: 'slow', extra: 'ours' } })).foreign).toEqual([]);
    });

    it('adopts a namespace with labels and gives them back with their owners', async () => {
      const id: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: world.namespace };
      await edit(id, 'admin', (object) => {
        objectAt(objectAt(object, 'metadata'), 'labels').team = 'blue';
      });
      const before = await live(id);
      const was = await world.snapshot();
      const want = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } };
      const written = await write(id, want);
      const after = written.is === 'written' ? written.live : null;
      expect(after?.object.metadata.labels).toMatchObject({
        team: 'blue',
        'pod-security.kubernetes.io/enforce': 'baseline',
      });
      expect(after?.object.metadata.labels?.[ownerLabel]).toBeUndefined();
      expect((await type.restore({ id, before, live: after }, world.writer)).is).toBe('written');
      expect(await world.snapshot()).toEqual(was);
    });

    it('labels what it made, and only that', async () => {
      await write(settings, { data: { mode: 'fast' } });
      await write(settings, { data: { mode: 'faster' } });
      expect((await live(settings))?.object.metadata.labels?.[ownerLabel]).toBe('r1');
    });

    it('keeps the version of what is as wished', async () => {
      await write(web, deployment('web:2'));
      const before = (await live(web))?.object.metadata.resourceVersion;
      await merge(web, deployment('web:2'));
      await write(web, deployment('web:2'));
      expect((await live(web))?.object.metadata.resourceVersion).toBe(before);
    });

    it('reports a value known later, not its removal', async () => {
      await write(settings, { data: { mode: 'fast', token: 'old' } });
      const { changes } = await diff(settings, { data: { mode: 'fast', token: new Later(['Secret x/y']) } });
      expect(changes).toEqual([{ path: 'data.token', how: 'later', secret: false, note: 'known after Secret x/y' }]);
    });

    it('guesses where the namespace or the definition is not there yet, and says so', async () => {
      const elsewhere = { ...settings, namespace: 'not-there-yet' };
      const first = await merge(elsewhere, { data: { mode: 'fast' } });
      expect(first).toMatchObject({ certainty: 'predicted', why: 'its namespace is not there yet' });
      const unknown = { apiVersion: 'cairn.test/v1', kind: 'Widget', namespace: world.namespace, name: 'one' };
      const second = await merge(unknown, { spec: { size: 1 } });
      expect(second).toMatchObject({ certainty: 'predicted', why: 'its definition is not there yet' });
      expect(await type.read(unknown, world.reader)).toEqual({ is: 'absent' });
    });

    it('plans to replace what can not be changed in place, and does it', async () => {
      await write(web, deployment('web:2'));
      const old = (await live(web))?.object.metadata.uid;
      const want = deployment('web:2');
      const other = structuredClone(want) as Mutable;
      objectAt(objectAt(other, 'spec'), 'selector').matchLabels = { app: 'www' };
      objectAt(objectAt(objectAt(objectAt(other, 'spec'), 'template'), 'metadata'), 'labels').app = 'www';
      const { changes } = await diff(web, other);
      expect(changes.filter(({ how }) => how === 'replace').map(({ path }) => path)).toEqual([
        'spec.selector.matchLabels.app',
      ]);
      const written = await write(web, other);
      expect(written.is === 'written' && written.live?.object.metadata.uid !== old).toBe(true);
    });

    it('writes over what others changed elsewhere meanwhile', async () => {
      await write(web, deployment('web:2'));
      const planned = await live(web);
      await edit(web, 'somebody', (object) => {
        objectAt(objectAt(object, 'metadata'), 'annotations').note = 'hello';
      });
      const written = await write(web, deployment('web:3'), planned);
      expect(written.is).toBe('written');
      expect((await live(web))?.object.metadata.annotations?.note).toBe('hello');
    });

    it('refuses to remove what somebody added to', async () => {
      const written = await write(settings, { data: { mode: 'fast' } });
      const after = written.is === 'written' ? written.live : null;
      await edit(settings, 'somebody', (object) => {
        objectAt(object, 'data').extra = 'theirs';
      });
      const undone = await type.restore({ id: settings, before: null, live: after }, world.writer);
      expect(undone.is).toBe('moved');
      expect(type.compare(after, await live(settings))).toMatchObject([
        { path: 'data.extra', note: expect.stringContaining('somebody') },
      ]);
    });

    it('knows that a namespace with foreign objects holds data', async () => {
      const id: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: world.namespace };
      const namespace = await live(id);
      if (!namespace) throw new Error('no namespace');
      await write(settings, { data: { mode: 'fast' } });
      expect((await type.loss(id, namespace, world.reader)).is).toBe('recreate');
      await edit({ ...settings, name: 'theirs' }, 'somebody', (object) => {
        object.data = { a: 'b' };
      });
      expect(await type.loss(id, namespace, world.reader)).toMatchObject({
        is: 'data',
        why: expect.stringContaining('ConfigMap theirs'),
      });
    });

    const scalable = (image: string): Want => {
      const want = deployment(image) as Mutable;
      objectAt(want, 'spec').replicas = initially(2) as never;
      return want;
    };
    const replicas = async (): Promise<unknown> => objectAt((await live(web))?.object as never, 'spec').replicas;

    it('sets a field once, and leaves it to whoever takes it', async () => {
      expect((await diff(web, scalable('web:2'))).changes.map(({ path }) => path)).toContain('spec.replicas');
      await write(web, scalable('web:2'));
      expect(await replicas()).toBe(2);
      await world.scale(web, 'hpa', 5);
      expect(await diff(web, scalable('web:2'))).toEqual({ changes: [], foreign: [] });
      await write(web, scalable('web:3'));
      expect(await replicas()).toBe(5);
      expect(await diff(web, scalable('web:3'))).toEqual({ changes: [], foreign: [] });
      await edit(web, 'kubectl-edit', (object) => {
        objectAt(object, 'spec').replicas = 7;
      });
      expect(await diff(web, scalable('web:3'))).toEqual({ changes: [], foreign: [] });
    });

    it('keeps what it set once while nobody takes it', async () => {
      await write(web, scalable('web:2'));
      await write(web, scalable('web:3'));
      expect(await replicas()).toBe(2);
      expect(await diff(web, scalable('web:3'))).toEqual({ changes: [], foreign: [] });
    });

    it('sets nothing once where the object was there before, and undo is exact', async () => {
      await edit(web, 'somebody', (object) => {
        Object.assign(object, deployment('web:1', 4));
      });
      const before = await live(web);
      const was = await world.snapshot();
      const want = { metadata: { labels: { ours: 'yes' } }, spec: { replicas: initially(2) } };
      const { changes, foreign } = await diff(web, want);
      expect([changes.map(({ path }) => path), foreign]).toEqual([['metadata.labels.ours'], []]);
      await write(web, want);
      expect(await replicas()).toBe(4);
      await type.restore({ id: web, before, live: await live(web) }, world.writer);
      expect(await world.snapshot()).toEqual(was);
    });

    it('neither counts nor gives back what an autoscaler did since', async () => {
      await edit(web, 'somebody', (object) => {
        Object.assign(object, deployment('web:1', 4));
      });
      const before = await live(web);
      const written = await write(web, { metadata: { labels: { ours: 'yes' } } });
      const after = written.is === 'written' ? written.live : null;
      await world.scale(web, 'hpa', 9);
      expect(type.compare(after, await live(web))).toEqual([]);
      expect((await type.restore({ id: web, before, live: after }, world.writer)).is).toBe('written');
      expect(await replicas()).toBe(9);
      const now = await live(web);
      expect(now?.object.metadata.labels).toBeUndefined();
      const owners = now?.object.metadata.managedFields?.map(({ manager, subresource = '' }) => manager + subresource);
      expect(owners?.toSorted()).toEqual(['hpascale', 'somebody']);
      await world.scale(web, 'hpa', 3);
      expect(await replicas()).toBe(3);
    });

    it('leaves a value of a Secret to others once it is set', async () => {
      const login = { apiVersion: 'v1', kind: 'Secret', namespace: world.namespace, name: 'login' };
      const want = { stringData: { password: initially('first'), user: 'me' } };
      await write(login, want);
      expect((await live(login))?.object.data).toEqual({ password: btoa('first'), user: btoa('me') });
      await edit(login, 'rotator', (object) => {
        objectAt(object, 'data').password = btoa('second');
      });
      expect(await diff(login, want)).toEqual({ changes: [], foreign: [] });
      await write(login, { stringData: { password: initially('first'), user: 'you' } });
      expect((await live(login))?.object.data).toEqual({ password: btoa('second'), user: btoa('you') });
    });

    it('takes back a removed list item by name', async () => {
      const want = deployment('web:2') as Mutable;
      const spec = objectAt(objectAt(objectAt(want, 'spec'), 'template'), 'spec');
      const containers = spec.containers;
      if (!Array.isArray(containers) || !isObject(containers[0])) throw new Error('no container');
      containers[0].ports = [{ containerPort: 80 }, { containerPort: 81 }];
      await write(web, want);
      await edit(web, 'kubectl-edit', (object) => {
        const live = objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec').containers;
        if (Array.isArray(live) && isObject(live[0]) && Array.isArray(live[0].ports)) live[0].ports.shift();
      });
      const { changes, foreign } = await diff(web, want);
      expect(foreign).toEqual([]);
      expect(changes.map(({ path }) => path)).toContain(
        'spec.template.spec.containers[web].ports[80/TCP].containerPort',
      );
      expect(changes.every(({ path }) => path.includes('ports[80/TCP]'))).toBe(true);
    });
  });
}
