import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { checkoutOf, type Ran } from './rig.ts';

const why = whyNoApiServer();
const page = readFileSync(join(import.meta.dirname, '../../docs/readiness.md'), 'utf8');
const example = /```ts\n(.*?ready: \{.*?)```/s.exec(page)?.[1] ?? '';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'databases.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Database', plural: 'databases' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

describe.skipIf(why !== null)(why ?? 'the step that the page about readiness shows', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
    const file = join(dirname(rig.kubeconfig), 'definition.json');
    writeFileSync(file, JSON.stringify(definition));
    await rig.kubectl(['create', '-f', file]);
    await rig.kubectl(['create', 'namespace', 'shop']);
    await rig.kubectl(['wait', '--for=condition=Established', 'crd/databases.example.com']);
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  /** What the controller of such a kind would say. */
  async function say(status: object): Promise<void> {
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    for (let tries = 0; ; tries += 1) {
      try {
        await rig.kubectl(['-n', 'shop', 'patch', 'database', 'orders', ...patch]);
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  it('waits for all that it names, fails at once where that says so, and the failure quotes it', async () => {
    const project = checkoutOf('shop', [
      ['inventory/local/clusters.yaml', `clusters: { cairn: { kubeconfig: ${rig.kubeconfig}, context: rig } }\n`],
      ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
      ['inventory/local/group_vars/all.yaml', '{}\n'],
      ['playbooks/demo.yaml', 'components: [{ component: demo, cluster: cairn }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['steps/demo/10_database.ts', example],
    ]);
    const up = (): Promise<Ran> => project.cairn(['up', 'playbooks/demo.yaml']);
    const converging = up();
    let isOver = false;
    void converging.then(() => {
      isOver = true;
    });
    await say({ phase: 'Running', conditions: [{ type: 'Synced', status: 'False' }] });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(isOver).toBe(false);
    await say({ phase: 'Running', conditions: [{ type: 'Synced', status: 'True' }] });
    const { code, stdout, stderr } = await converging;
    expect(code, stdout + stderr).toBe(0);

    await rig.kubectl(['-n', 'shop', 'delete', 'database', 'orders']);
    const failing = up();
    await say({ phase: 'Lost', conditions: [{ type: 'Synced', status: 'True' }] });
    const failed = await failing;
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain('status.phase');
    expect(failed.stdout + failed.stderr).toContain('Lost');
  });
});
