import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Declared, peerOn } from './project.ts';
import { onApiServer } from './rig.ts';

const stones: Declared = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'stones.plan.peers.test' },
  spec: {
    group: 'plan.peers.test',
    scope: 'Namespaced',
    names: { kind: 'Stone', plural: 'stones', singular: 'stone' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { weight: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};
const stone: Declared = {
  apiVersion: 'plan.peers.test/v1',
  kind: 'Stone',
  metadata: { name: 'first', namespace: 'default' },
  spec: { weight: 3 },
};

const secret = (value: string): Declared => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'plan-secret', namespace: 'default' },
  stringData: { password: value },
});

onApiServer('what users of other tools complain of: plans', ({ server, complaint }) => {
  complaint('hashicorp/terraform-provider-kubernetes#2597', async () => {
    const peer = peerOn(server());
    peer.declare(stone, stones);
    const plan = await peer.plan();
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toMatch(/\+ CustomResourceDefinition stones\.plan\.peers\.test/);
    expect(plan.stdout).toMatch(/\+ Stone default\/first/);
    expect(await peer.up()).toMatchObject({ code: 0, stdout: expect.stringContaining('2 created') });
    expect((await peer.plan()).stdout).toContain('nothing to do');
    expect(await peer.undo('--allow-data-loss', 'CustomResourceDefinition/stones.plan.peers.test')).toMatchObject({
      code: 0,
    });
  });

  complaint('ansible/ansible#66870', async () => {
    const peer = peerOn(server());
    const made = ['a', 'b', 'c'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `check-${name}`, namespace: 'default' },
      data: { name },
    }));
    peer.declare(...made);
    const plan = await peer.plan();
    const titles = (text: string, line: RegExp): readonly (string | undefined)[] =>
      [...text.matchAll(line)].map(([, title]) => title).toSorted();
    const up = await peer.up();
    expect(titles(plan.stdout, /\+ (ConfigMap \S+)/g)).toEqual(titles(up.stdout, /created (ConfigMap \S+)/g));
    expect(titles(plan.stdout, /\+ (ConfigMap \S+)/g)).toHaveLength(3);
    expect((await peer.plan()).stdout).toContain('nothing to do, 3 unchanged');
    expect((await peer.up()).stdout).toMatch(/1 step: unchanged/);
    await peer.undo();
  });

  complaint('databus23/helm-diff#128', async () => {
    const peer = peerOn(server());
    peer.declare(secret('first-canary-value'));
    await peer.up();
    peer.declare(secret('second-canary-value'));
    const plan = await peer.cairn(['plan', 'playbooks/peer.yaml', '-v']);
    expect(plan.stdout).toMatch(/~ Secret default\/plan-secret/);
    expect(plan.stdout).toContain('data.password');
    for (const value of ['first-canary-value', 'second-canary-value']) {
      for (const form of [value, Buffer.from(value).toString('base64')]) expect(plan.stdout).not.toContain(form);
    }
    await peer.undo();
  });

  complaint('kubernetes/kubernetes#23564', async () => {
    const peer = peerOn(server());
    peer.declare(secret('third-canary-value'));
    await peer.up();
    const found = JSON.parse(await server().kubectl(['get', 'secret', 'plan-secret', '-o', 'json']));
    expect(found.data.password).toBe(Buffer.from('third-canary-value').toString('base64'));
    const about = JSON.stringify(found.metadata);
    expect(about).toContain('cairn.dev/applied');
    expect(about).not.toContain('third-canary-value');
    expect(about).not.toContain(found.data.password);
    await peer.undo();
  });

  complaint('hashicorp/terraform-provider-helm#333', async () => {
    const canary = 'sensitive-canary-of-a-release';
    const peer = peerOn(server(), [
      ['charts/web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n'],
      [
        'charts/web/templates/all.yaml',
        [
          'apiVersion: v1',
          'kind: ConfigMap',
          'metadata: { name: plan-web }',
          'data: { url: "https://user:{{ .Values.password }}@db" }',
        ].join('\n'),
      ],
      [
        'steps/peer/10_objects.ts',
        [
          "import { k8s, restore, secret, step, T } from '@cairnhq/cairn';",
          'export default step({',
          "  summary: 'A chart with a secret', on: 'cluster', undo: restore,",
          '  vars: T.Object({ objects: T.Array(T.Any()), password: secret() }),',
          '  resources: ({ vars }) => ({',
          "    web: k8s.helmRelease({ name: 'web', namespace: 'default', chart: 'charts/web', values: { password: vars.password } }),",
          '  }),',
          '});',
        ].join('\n'),
      ],
    ]);
    const { root, cairn } = peer;
    const vars = '{ objects: [], password: !secret env:PEER_PASSWORD }';
    writeFileSync(
      join(root, 'playbooks/peer.yaml'),
      `components: [{ component: peer, cluster: rig, vars: ${vars} }]\n`,
    );
    const env = { PEER_PASSWORD: canary };
    const said = [];
    for (const words of [
      ['plan', '-v'],
      ['up', '--yes', '-v'],
      ['plan', '--json'],
      ['undo', '--yes'],
    ]) {
      const [command, ...rest] = words;
      const ran = await cairn([String(command), 'playbooks/peer.yaml', ...rest], env);
      expect(ran.code, ran.stderr).toBe(0);
      said.push(ran.stdout, ran.stderr);
    }
    expect(said.join('\n')).toContain('ConfigMap default/plan-web');
    const kept = readdirSync(join(root, 'home'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(kept.length).toBeGreaterThan(2);
    for (const form of [canary, Buffer.from(canary).toString('base64').replace(/=+$/, '')]) {
      expect([...said, ...kept].join('\n')).not.toContain(form);
    }
  });
});
