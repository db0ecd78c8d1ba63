import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Peer, peerOn } from '../peers/project.ts';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { buildPrograms, rigTimeout, whyNo, whyNoApiServer } from '../rig/programs.ts';

const why = whyNoApiServer() ?? whyNo('helm');

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { weight: { type: 'integer' } } } },
  },
};
const version = (name: string, served: boolean, storage: boolean) => ({ name, served, storage, schema });
const definition = (...versions: readonly object[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pebbles.versions.test' },
  spec: { group: 'versions.test', scope: 'Namespaced', names: { kind: 'Pebble', plural: 'pebbles' }, versions },
});

describe.skipIf(why !== null)(why ?? 'an API version that goes out of service', () => {
  let rig: ApiServer;
  beforeAll(async () => {
    await buildPrograms('helm');
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  const pebble = (name: string, served: string) => ({
    apiVersion: `versions.test/${served}`,
    kind: 'Pebble',
    metadata: { name, namespace: 'default' },
    spec: { weight: 3 },
  });

  async function define(peer: Peer, ...versions: readonly object[]): Promise<void> {
    const file = join(peer.root, 'definition.json');
    writeFileSync(file, JSON.stringify(definition(...versions)));
    await rig.kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
    await rig.kubectl(['wait', '--for=condition=Established', 'crd/pebbles.versions.test']);
  }

  const names = async (): Promise<string> => rig.kubectl(['get', 'pebbles.v1.versions.test', '-o', 'name']);

  it('is no replacement, no removal, and no excuse to leave anything behind', async () => {
    const peer = peerOn(rig);
    await define(peer, version('v1beta1', true, true), version('v1', true, false));
    peer.declare(pebble('kept', 'v1beta1'), pebble('dropped', 'v1beta1'));
    expect(await peer.up()).toMatchObject({ code: 0 });

    peer.declare(pebble('kept', 'v1'), pebble('dropped', 'v1beta1'));
    const moved = await peer.plan();
    expect([moved.code, moved.stdout]).toEqual([0, expect.stringContaining('nothing to do, 2 unchanged')]);

    await define(peer, version('v1beta1', false, false), version('v1', true, true));
    peer.declare(pebble('kept', 'v1'));
    const plan = await peer.plan();
    expect(plan.stdout.match(/^ *[-+~] .*/gm)).toEqual([
      expect.stringMatching(/- Pebble default\/dropped +no longer declared/),
    ]);
    expect(await peer.up('--timeout', '60s')).toMatchObject({ code: 0 });
    expect(await names()).toBe('pebble.versions.test/kept\n');

    expect(await peer.undo()).toMatchObject({ code: 0 });
    expect(await names()).toBe('');
    await rig.kubectl(['delete', 'crd', 'pebbles.versions.test']);
  });
});
