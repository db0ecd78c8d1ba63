import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube.ts';
import { cases } from '../../resources/kubernetes/ready/cases.ts';
import { expectVerdict } from '../../resources/kubernetes/ready/expect-verdict.ts';
import { play, type Stage } from '../../resources/kubernetes/ready/stage.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { serveArgo } from '../../rig/argo.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { realServer } from './real-server.ts';
import type { KubeWorld } from './world.ts';

const why = whyNoApiServer();
const table = Object.values(cases)
  .flat()
  .filter(({ fakeOnly }) => !fakeOnly);

// No controllers and no nodes: the test writes the status that they would.
describe.skipIf(why !== null)(why ?? 'readiness on a real API server', () => {
  let rig: ApiServer;
  let world: KubeWorld;

  beforeAll(async () => {
    rig = await startApiServer();
    await serveArgo(rig);
  }, rigTimeout);
  afterAll(async () => await rig.stop());
  beforeEach(async () => {
    world = await realServer(() => rig).open();
  });
  afterEach(async () => await world.close());

  it.each(table.map((one) => [one.it, one] as const))('%s', async (_name, one) => {
    expectVerdict(one, await play(stageOf(rig, world), one), world.namespace);
  });
});

function stageOf(rig: ApiServer, { namespace, reader, writer }: KubeWorld): Stage {
  return {
    namespace,
    reader,
    put: async ({ status, ...object }: KubeObject) => {
      // Of Argo's kinds the status is a field like others.
      const isWhole = object.apiVersion.startsWith('argoproj.io/');
      const made = await writer.create(isWhole && status !== undefined ? { ...object, status } : object);
      if (made.is !== 'written' || !made.object) throw new Error(`${object.kind}: ${made.is}`);
      if (status === undefined || isWhole) return made.object;
      const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
      await rig.kubectl(['patch', '-n', namespace, object.kind, object.metadata.name, ...patch]);
      return (
        (await reader.get({
          apiVersion: object.apiVersion,
          kind: object.kind,
          namespace,
          name: object.metadata.name,
        })) ?? made.object
      );
    },
    logged: () => {},
  };
}
