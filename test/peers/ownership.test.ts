import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Declared, once, peerOn } from './project.ts';
import { onApiServer } from './rig.ts';

const map = (name: string, data: Record<string, string>): Declared => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

onApiServer('what users of other tools complain of: ownership', ({ server, complaint }) => {
  const kubectl = (...args: string[]): Promise<string> => server().kubectl(args);
  const read = async (...what: string[]) =>
    JSON.parse(await kubectl('get', ...what, '-o', 'json', '--show-managed-fields'));
  const dataOf = async (name: string) => (await read('configmap', name)).data;

  complaint('hashicorp/terraform-provider-kubernetes#584', async () => {
    const peer = peerOn(server());
    peer.declare({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'owned-scaled', namespace: 'default' },
      spec: {
        replicas: once(0),
        selector: { matchLabels: { app: 'owned-scaled' } },
        template: {
          metadata: { labels: { app: 'owned-scaled' } },
          spec: { containers: [{ name: 'main', image: 'peers.test/image:1' }] },
        },
      },
    });
    await peer.up('--timeout', '1s');
    await kubectl('scale', 'replicaset', 'owned-scaled', '--replicas=3');
    expect((await peer.plan()).stdout).toContain('nothing to do');
    expect((await read('replicaset', 'owned-scaled')).spec.replicas).toBe(3);
    await peer.undo();
  });

  complaint('siderolabs/talos#12495', async () => {
    const peer = peerOn(server());
    peer.declare(map('owned-edited', { key: 'ours' }));
    await peer.up();
    const editor = join(peer.root, 'editor');
    writeFileSync(editor, '#!/bin/sh\nsed -i s/ours/theirs/ "$1"\n', { mode: 0o755 });
    await server().kubectl(['edit', 'configmap', 'owned-edited'], { EDITOR: editor });
    expect(await dataOf('owned-edited')).toEqual({ key: 'theirs' });
    const plan = await peer.plan();
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringMatching(/data\.key[\s\S]*drift[\s\S]*kubectl-edit/)]);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await dataOf('owned-edited')).toEqual({ key: 'ours' });
    await peer.undo();
  });

  complaint('argoproj/argo-cd#25561', async () => {
    const peer = peerOn(server());
    const file = join(peer.root, 'theirs.json');
    writeFileSync(file, JSON.stringify(map('owned-client-side', { key: 'same', other: 'theirs' })));
    await kubectl('apply', '-f', file);
    const before = await read('configmap', 'owned-client-side');
    peer.declare(map('owned-client-side', { key: 'same', more: 'ours' }));
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await dataOf('owned-client-side')).toEqual({ key: 'same', other: 'theirs', more: 'ours' });
    expect((await peer.plan()).stdout).toContain('nothing to do');
    expect(await peer.undo()).toMatchObject({ code: 0 });
    expect(plain(await read('configmap', 'owned-client-side'))).toEqual(plain(before));
    await kubectl('delete', 'configmap', 'owned-client-side');
  });

  complaint('helm/helm#6561', async () => {
    const peer = peerOn(server());
    await kubectl('create', 'configmap', 'owned-adopted', '--from-literal=old=kept');
    const before = await read('configmap', 'owned-adopted');
    peer.declare(map('owned-adopted', { fresh: 'ours' }));
    expect((await peer.plan()).stdout).toMatch(/~ ConfigMap default\/owned-adopted/);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect(await dataOf('owned-adopted')).toEqual({ old: 'kept', fresh: 'ours' });
    expect(await peer.undo()).toMatchObject({ code: 0 });
    expect(plain(await read('configmap', 'owned-adopted'))).toEqual(plain(before));
    await kubectl('delete', 'configmap', 'owned-adopted');
  });

  complaint('helm/helm#9125', async () => {
    const peer = peerOn(server());
    const scaler = (apiVersion: string, more: object): Declared => ({
      apiVersion,
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'owned-version', namespace: 'default' },
      spec: { maxReplicas: 4, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, ...more },
    });
    peer.declare(scaler('autoscaling/v1', { targetCPUUtilizationPercentage: 80 }));
    await peer.up('--timeout', '1s');
    const { uid } = (await read('hpa', 'owned-version')).metadata;
    const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
    peer.declare(scaler('autoscaling/v2', { metrics: [{ type: 'Resource', resource }] }));
    const plan = await peer.plan();
    expect(plan.code).toBe(0);
    expect(plan.stdout).not.toMatch(/replace|no longer declared|^ *- /m);
    await peer.up('--timeout', '1s');
    const now = await read('hpa', 'owned-version');
    expect([now.metadata.uid, now.spec.metrics]).toEqual([uid, [{ type: 'Resource', resource }]]);
    await peer.undo();
  });
});

/** Without what the server writes by itself. */
function plain({ metadata, ...rest }: { metadata: Record<string, unknown> }): unknown {
  const { resourceVersion: _, managedFields, ...kept } = metadata;
  const entries = (managedFields as { time?: string }[]).map(({ time: _time, ...entry }) => entry);
  return { ...rest, metadata: { ...kept, managedFields: entries } };
}
