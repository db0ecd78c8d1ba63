import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { envOf } from '../project/rig.ts';
import { launcher } from '../rig/launcher.ts';
import { type Declared, peerOn, playbookOf } from './project.ts';
import { onApiServer } from './rig.ts';

const map = (name: string, data: Record<string, string>): Declared => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

const job = (name: string, image: string): Declared => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: {
    suspend: true,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } },
  },
});

onApiServer('what users of other tools complain of: the second try', ({ server, complaint }) => {
  const read = async (...what: string[]) => JSON.parse(await server().kubectl(['get', ...what, '-o', 'json']));

  complaint('helm/helm#7257', async () => {
    const peer = peerOn(server());
    peer.declare(map('again-good', {}), map('again-bad', { 'no/good': 'key' }));
    const first = await peer.up();
    expect(first.code).not.toBe(0);
    peer.declare(map('again-good', {}), map('again-bad', { good: 'key' }));
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect((await read('configmap', 'again-bad')).data).toEqual({ good: 'key' });
    await peer.undo();
  });

  complaint('helm/helm#7476', async () => {
    const peer = peerOn(server());
    const labels = { app: 'again-killed' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'peers.test/image:1' }] } };
    peer.declare({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'again-killed', namespace: 'default' },
      spec: { selector: { matchLabels: labels }, template },
    });
    const child = spawn(process.execPath, [launcher, 'up', 'playbooks/peer.yaml', '--yes'], {
      cwd: peer.root,
      env: envOf(peer.root),
      stdio: 'ignore',
      detached: true,
    });
    const ended = once(child, 'exit');
    await expect.poll(() => read('deployment', 'again-killed')).toBeTruthy();
    process.kill(-Number(child.pid), 'SIGKILL');
    await ended;
    expect((await read('lease', '-n', 'kube-system', 'cairn')).spec.holderIdentity).toBeTruthy();
    peer.declare(map('again-killed', {}));
    const began = Date.now();
    expect(await peer.up()).toMatchObject({ code: 0 });
    // One that is not known to be dead is waited for for a minute.
    expect(Date.now() - began).toBeLessThan(50_000);
    await peer.undo();
  });

  complaint('hashicorp/terraform-provider-kubernetes#1091', async () => {
    const peer = peerOn(server(), [
      [
        'steps/peer/10_objects.ts',
        [
          "import { k8s, restore, step, T } from '@cairnhq/cairn';",
          'export default step({',
          "  summary: 'A job', on: 'cluster', undo: restore,",
          '  vars: T.Object({ objects: T.Array(T.Any()) }),',
          '  resources: ({ vars }) => ({ job: k8s.job({ namespace: "default", name: "again-migrate", spec: vars.objects[0].spec }) }),',
          '});',
        ].join('\n'),
      ],
    ]);
    const use = (image: string): void =>
      writeFileSync(join(peer.root, 'playbooks/peer.yaml'), playbookOf([job('again-migrate', image)]));
    use('peers.test/migrate:1');
    expect(await peer.up()).toMatchObject({ code: 0 });
    const first = (await read('job', 'again-migrate')).metadata.uid;
    expect((await peer.plan()).stdout).toContain('nothing to do');
    use('peers.test/migrate:2');
    expect((await peer.plan()).stdout).toContain('Job default/again-migrate');
    expect(await peer.up()).toMatchObject({ code: 0 });
    const now = await read('job', 'again-migrate');
    expect(now.metadata.uid).not.toBe(first);
    expect(now.spec.template.spec.containers[0].image).toBe('peers.test/migrate:2');
    await peer.undo();
  });

  complaint('kubernetes/kubernetes#89657', async () => {
    const peer = peerOn(server());
    peer.declare(job('again-replaced', 'peers.test/job:1'));
    expect(await peer.up()).toMatchObject({ code: 0 });
    const first = (await read('job', 'again-replaced')).metadata.uid;
    peer.declare(job('again-replaced', 'peers.test/job:2'));
    const plan = await peer.plan();
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringMatching(/replace/)]);
    expect((await peer.up()).code).not.toBe(0);
    expect((await read('job', 'again-replaced')).metadata.uid).toBe(first);
    expect(await peer.up('--allow-replace')).toMatchObject({ code: 0 });
    expect((await read('job', 'again-replaced')).metadata.uid).not.toBe(first);
    await peer.undo('--allow-replace');
  });
});
