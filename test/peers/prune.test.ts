import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Declared, peerOn, playbookOf } from './project.ts';
import { onApiServer } from './rig.ts';

const namespace = (name: string): Declared => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const map = (name: string, at: string): Declared => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: at },
  data: { name },
});

onApiServer('what users of other tools complain of: pruning', ({ server, complaint }) => {
  const exists = (...what: string[]): Promise<boolean> =>
    server()
      .kubectl(['get', ...what])
      .then(
        () => true,
        () => false,
      );

  complaint('argoproj/argo-cd#22607', async () => {
    const peer = peerOn(server());
    const up = (playbook: string) => peer.cairn(['up', `playbooks/${playbook}.yaml`, '--yes']);
    peer.declare(namespace('prune-shared'), map('one', 'prune-shared'));
    writeFileSync(
      join(peer.root, 'playbooks/other.yaml'),
      playbookOf([namespace('prune-shared'), map('two', 'prune-shared')]),
    );
    expect([(await peer.up()).code, (await up('other')).code]).toEqual([0, 0]);
    peer.declare();
    const plan = await peer.plan();
    expect(plan.stdout.match(/^ *- .*/gm)).toEqual([expect.stringContaining('ConfigMap prune-shared/one')]);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await exists('namespace', 'prune-shared')).toBe(true);
    expect(await exists('configmap', 'two', '-n', 'prune-shared')).toBe(true);
    expect(await exists('configmap', 'one', '-n', 'prune-shared')).toBe(false);
    await peer.cairn(['undo', 'playbooks/other.yaml', '--yes']);
  });

  complaint('kubernetes-sigs/cli-utils#274', async () => {
    const peer = peerOn(server());
    peer.declare(namespace('prune-holding'), map('held', 'prune-holding'));
    await peer.up();
    peer.declare(map('held', 'prune-holding'));
    expect((await peer.plan()).stdout).toMatch(
      /Namespace prune-holding +.*it holds ConfigMap prune-holding\/held, which peer\/10_objects declares/,
    );
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await exists('configmap', 'held', '-n', 'prune-holding')).toBe(true);
    await peer.undo();
  });

  complaint('kubernetes/kubernetes#66430', async () => {
    const peer = peerOn(server());
    peer.declare(map('ours', 'default'));
    await peer.up();
    const { metadata } = JSON.parse(await server().kubectl(['get', 'configmap', 'ours', '-o', 'json']));
    const copy = {
      ...map('lookalike', 'default'),
      metadata: { ...metadata, name: 'lookalike', uid: undefined, resourceVersion: undefined },
    };
    const file = join(peer.root, 'copy.json');
    writeFileSync(file, JSON.stringify(copy));
    await server().kubectl(['create', '-f', file]);
    peer.declare();
    const plan = await peer.plan();
    expect(plan.stdout.match(/^ *- .*/gm)).toEqual([expect.stringContaining('ConfigMap default/ours')]);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await exists('configmap', 'ours')).toBe(false);
    expect(await exists('configmap', 'lookalike')).toBe(true);
    expect(await exists('namespace', 'kube-system')).toBe(true);
    await server().kubectl(['delete', 'configmap', 'lookalike']);
  });
});
