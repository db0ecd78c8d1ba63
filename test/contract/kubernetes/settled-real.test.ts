import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import type { Difference } from '../../../src/model/resource.ts';
import { compose, type Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { essenceOf } from '../../../src/resources/kubernetes/apply/marks.ts';
import { withOwner } from '../../../src/resources/kubernetes/apply/merge.ts';
import { isSettled } from '../../../src/resources/kubernetes/apply/settled.ts';
import type { ObjectId } from '../../../src/resources/kubernetes/id.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { until } from '../../rig/until.ts';
import { startWebhook, type Webhook } from '../../rig/webhook.ts';
import { type Hands, handsOn } from './hands.ts';
import { type Edit, edited, edits, widgetDefinition, wishes } from './wishes.ts';

const why = whyNoApiServer();
/** How much longer to search than usual. */
const search = Number(process.env.CAIRN_SEARCH ?? 1);
const runs = 40 * search;

describe.skipIf(why !== null)(why ?? 'planning without asking the server', () => {
  let rig: ApiServer;
  let cluster: OpenCluster;
  let hands: Hands;
  const namespace = `settled-${randomBytes(4).toString('hex')}`;
  let made = 0;

  beforeAll(async () => {
    rig = await startApiServer();
    [cluster, hands] = await Promise.all([openCluster(rig), handsOn(rig)]);
    await rig.kubectl(['create', 'namespace', namespace]);
    await cluster.writer.create(widgetDefinition);
    await rig.kubectl(['wait', '--for=condition=Established', 'crd/widgets.cairn.test']);
  }, rigTimeout);
  afterAll(async () => {
    hands.close();
    cluster.close();
    await rig.stop();
  });

  const newId = (kind: { readonly apiVersion: string; readonly kind: string }): ObjectId => {
    made += 1;
    return { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name: `o${made}` };
  };
  const read = async (id: ObjectId): Promise<KubeObject> => {
    const object = await cluster.reader.get(id);
    if (!object) throw new Error(`${id.name} is gone`);
    return object;
  };
  const make = async (id: ObjectId, want: Want): Promise<void> => {
    const written = await type.write({ id, want, live: null, options: { run: 'r1' } }, cluster.writer);
    expect(written.is).toBe('written');
  };

  it.each(wishes)(
    'leaves the question out only where the answer is no change: $kind, whoever edited it',
    async ({ apiVersion, kind, wishes: some }) => {
      const counts = { fresh: 0, settled: 0, asked: 0 };
      const property = fc.asyncProperty(some, fc.array(edits, { maxLength: 3 }), async (want, list) => {
        const id = newId({ apiVersion, kind });
        await make(id, want);
        if (await isRightlySettled(id, want)) counts.fresh += 1;
        for (const edit of list) await carryOut(id, want, edit);
        counts[(await isRightlySettled(id, want)) ? 'settled' : 'asked'] += 1;
      });
      await fc.assert(property, { numRuns: runs });
      // Neither always nor never: of what nobody touched, only odd forms that the server writes otherwise are asked about.
      expect(counts.fresh).toBeGreaterThan(runs / 4);
      expect(Math.min(counts.settled, counts.asked)).toBeGreaterThan(0);
    },
    120_000 * search,
  );

  async function isRightlySettled(id: ObjectId, want: Want): Promise<boolean> {
    const live = await read(id);
    const composed = compose(id, want, live);
    const body = withOwner(composed.body, live);
    if (!isSettled(live, body, composed)) return false;
    const tried = await cluster.reader.dryRun(body);
    expect(tried.is === 'merged' && essenceOf(tried.object)).toEqual(essenceOf(live));
    return true;
  }

  // What the server refuses didn't happen.
  async function carryOut(id: ObjectId, want: Want, edit: Edit): Promise<void> {
    const { who, way, at } = edit;
    const live = await read(id);
    if (way === 'put') await hands.put(edited(live, edit), who);
    if (way === 'disown') await hands.put(disowned(live), who);
    if (way === 'scale' && id.kind === 'Deployment')
      await hands.put({ ...live, spec: { replicas: at[0] } }, who, 'scale');
    if (way === 'apply') await hands.apply(edited(compose(id, want, null).body, edit), who);
  }

  async function plan(id: ObjectId, want: Want): Promise<Difference & { readonly asked: boolean }> {
    const live = { object: await read(id) };
    let asked = false;
    const port = {
      ...cluster.planner,
      dryRun: (object: KubeObject) => {
        asked = true;
        return cluster.reader.dryRun(object);
      },
    };
    const merged = await type.merge?.(id, want as Planned<Want>, live, port, {});
    return { ...type.diff(live, want as Planned<Want>, merged?.live), asked };
  }

  it('names the list item that another Cairn applied besides ours', async () => {
    const id = newId({ apiVersion: 'cairn.test/v1', kind: 'Widget' });
    const want: Want = { spec: { parts: [{ name: 'a' }] } };
    await make(id, want);
    expect(await plan(id, want)).toMatchObject({ changes: [], asked: false });
    const more = { ...compose(id, want, null).body, spec: { parts: [{ name: 'a' }, { name: 'b' }] } };
    await hands.apply(more, 'cairn');
    const { changes, asked } = await plan(id, want);
    expect(asked).toBe(true);
    expect(changes.map(({ path }) => path)).toContain('spec.parts[b].name');
  });

  describe('where a webhook mutates', () => {
    let webhook: Webhook;
    const want: Want = { data: { mode: 'fast' } };
    let id: ObjectId;

    beforeAll(async () => {
      webhook = await startWebhook(cluster.writer, namespace);
      webhook.mutate(() => [{ op: 'add', path: '/metadata/labels/webhook', value: 'here' }]);
      const probe = newId({ apiVersion: 'v1', kind: 'ConfigMap' });
      await make(probe, want);
      // The server learns of a webhook a little later.
      await until('the webhook', async () => {
        await hands.put(await read(probe), 'somebody');
        return (await read(probe)).metadata.labels?.webhook === 'here';
      });
    });
    afterAll(async () => await webhook.close());

    const mutatedBy = async (patch: Parameters<Webhook['mutate']>[0]): Promise<void> => {
      webhook.mutate(patch);
      id = newId({ apiVersion: 'v1', kind: 'ConfigMap' });
      await make(id, want);
    };
    const touch = async (): Promise<void> => {
      const live = await read(id);
      expect(await hands.put({ ...live, data: { ...(live.data as object), other: 'x' } }, 'somebody')).toBe(true);
    };

    it('asks nothing about what it added to our write', async () => {
      await mutatedBy(() => [{ op: 'add', path: '/data/added', value: '1' }]);
      expect(await plan(id, want)).toEqual({ changes: [], foreign: [], asked: false });
      expect(await isRightlySettled(id, want)).toBe(true);
    });

    it('asks about a wished field that it overrules, and calls it no change', async () => {
      await mutatedBy(() => [{ op: 'add', path: '/data/mode', value: 'slow' }]);
      expect(await plan(id, want)).toEqual({ changes: [], foreign: [], asked: true });
    });

    it('names a wished field that it changed on somebody else’s write', async () => {
      await mutatedBy(() => []);
      webhook.mutate(() => [{ op: 'add', path: '/data/mode', value: 'slow' }]);
      await touch();
      webhook.mutate(() => []);
      const { changes, asked } = await plan(id, want);
      expect(asked).toBe(true);
      expect(changes).toMatchObject([{ path: 'data.mode', before: 'slow', after: 'fast' }]);
    });

    it('leaves alone what it set otherwise on somebody else’s write, as a dry run would', async () => {
      await mutatedBy(() => [{ op: 'add', path: '/data/added', value: '1' }]);
      webhook.mutate(() => [{ op: 'add', path: '/data/added', value: '2' }]);
      await touch();
      expect(await plan(id, want)).toEqual({ changes: [], foreign: [], asked: false });
      expect(await isRightlySettled(id, want)).toBe(true);
    });

    it('plans nothing for what it would add only if we wrote', async () => {
      await mutatedBy(() => []);
      webhook.mutate(() => [{ op: 'add', path: '/data/added', value: '1' }]);
      expect(await plan(id, want)).toEqual({ changes: [], foreign: [], asked: false });
    });
  });
});

function disowned(live: KubeObject): KubeObject {
  return { ...live, metadata: { ...live.metadata, managedFields: [{}] } } as unknown as KubeObject;
}
