import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../src/connect/kubernetes/open.ts';
import type { Planned } from '../../src/model/deferred.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import type { Want } from '../../src/resources/kubernetes/apply/compose.ts';
import { essenceOf } from '../../src/resources/kubernetes/apply/marks.ts';
import { objectType as type } from '../../src/resources/kubernetes/object.ts';
import { type Hands, handsOn } from '../contract/kubernetes/hands.ts';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { type Complaint, complaints } from './complaints.ts';
import { titleOf } from './threads.ts';

const why = whyNoApiServer();

describe.skipIf(why !== null)(why ?? 'what users of other tools complain of', () => {
  let rig: ApiServer;
  let cluster: OpenCluster;
  let hands: Hands;

  beforeAll(async () => {
    rig = await startApiServer();
    [cluster, hands] = await Promise.all([openCluster(rig), handsOn(rig)]);
  }, rigTimeout);
  afterAll(async () => {
    hands.close();
    cluster.close();
    await rig.stop();
  });

  it.each(complaints.map((one) => [titleOf(one.source), one] as const))('%s', async (_, { id, want, meanwhile }) => {
    const written = await type.write({ id, want, live: null, options: { run: 'r1' } }, cluster.writer);
    expect(written.is).toBe('written');
    if (meanwhile) expect(await hands.put(meanwhile(await read(id)), 'somebody')).toBe(true);
    const before = await read(id);
    // The server took it over as it is.
    if (meanwhile) expect(essenceOf(meanwhile(before))).toEqual(essenceOf(before));
    expect(await planned(id, want)).toEqual([]);
    await type.write({ id, want, live: { object: before }, options: { run: 'r2' } }, cluster.writer);
    expect(essenceOf(await read(id))).toEqual(essenceOf(before));
  });

  async function read(id: Complaint['id']): Promise<KubeObject> {
    const object = await cluster.reader.get(id);
    if (!object) throw new Error(`${id.name} is gone`);
    return object;
  }

  async function planned(id: Complaint['id'], want: Want): Promise<readonly string[]> {
    const live = { object: await read(id) };
    const merged = await type.merge?.(id, want as Planned<Want>, live, cluster.planner, {});
    const { changes, foreign } = type.diff(live, want as Planned<Want>, merged?.live);
    return [...changes, ...foreign].map(({ path }) => path);
  }
});
