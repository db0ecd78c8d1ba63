import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Peer, peerOn } from './project.ts';
import { onApiServer, type PeerRig } from './rig.ts';

const release = `
import { k8s, restore, step, T } from '@cairnhq/cairn';
export default step({
  summary: 'A release',
  on: 'cluster',
  undo: restore,
  vars: T.Object({ objects: T.Array(T.Any()), values: T.Record(T.String(), T.Any()) }),
  resources: ({ vars: { values } }) => ({
    web: k8s.helmRelease({ name: 'web', namespace: 'default', chart: 'charts/web', values }),
  }),
});
`;

const settings = `
apiVersion: v1
kind: ConfigMap
metadata: { name: values-web }
data:
  count: {{ .Values.count | quote }}
  nested: {{ .Values.securityContext | toJson | quote }}
  types: "{{ kindOf .Values.on }} {{ kindOf .Values.version }} {{ .Values.securityContext.runAsUser | int }}"
`;

const stones = (plural: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.values.peers.test }
spec:
  group: values.peers.test
  scope: Namespaced
  names: { kind: ${plural}, plural: ${plural} }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;

function chartOn(rig: PeerRig, values: object): Peer {
  const peer = peerOn(rig.server(), [
    ['charts/web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n'],
    ['charts/web/templates/settings.yaml', settings],
    ['steps/peer/10_objects.ts', release],
  ]);
  const vars = { objects: [], values };
  writeFileSync(
    join(peer.root, 'playbooks/peer.yaml'),
    JSON.stringify({ components: [{ component: 'peer', cluster: 'rig', vars }] }),
  );
  return peer;
}

const values = {
  count: 1_000_000,
  on: true,
  version: '1.10',
  securityContext: { runAsNonRoot: true, runAsUser: 1000 },
};

onApiServer('what users of other tools complain of: values', (rig) => {
  const { server, complaint } = rig;
  const read = async (...what: string[]) => JSON.parse(await server().kubectl(['get', ...what, '-o', 'json']));

  complaint('helm/helm#12195', async () => {
    const peer = chartOn(rig, values);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect((await read('configmap', 'values-web')).data.count).toBe('1000000');
    expect((await peer.plan()).stdout).toContain('nothing to do');
    await peer.undo();
  });

  complaint('ansible-collections/community.kubernetes#143', async () => {
    const peer = chartOn(rig, values);
    expect(await peer.up()).toMatchObject({ code: 0 });
    const { nested, types } = (await read('configmap', 'values-web')).data;
    expect(JSON.parse(nested)).toEqual({ runAsNonRoot: true, runAsUser: 1000 });
    expect(types).toBe('bool string 1000');
    await peer.undo();
  });

  complaint('ansible-collections/community.kubernetes#290', async () => {
    const peer = peerOn(server());
    writeFileSync(
      join(peer.root, 'playbooks/peer.yaml'),
      [
        'components:',
        '  - component: peer',
        '    cluster: rig',
        '    vars:',
        '      service: { port: 8080, name: values-typed }',
        '      objects:',
        '        - apiVersion: v1',
        '          kind: Service',
        "          metadata: { name: '{{ service.name }}', namespace: default }",
        "          spec: { selector: { app: web }, ports: [{ port: '{{ service.port }}' }] }",
      ].join('\n'),
    );
    const up = await peer.up();
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect((await read('service', 'values-typed')).spec.ports[0].port).toBe(8080);
    await peer.undo();
  });

  complaint('helm/helm#8972', async () => {
    const peer = chartOn(rig, values);
    const crds = join(peer.root, 'charts/web/crds');
    mkdirSync(crds);
    writeFileSync(join(crds, 'old.yaml'), stones('oldstones'));
    expect(await peer.up()).toMatchObject({ code: 0 });
    writeFileSync(join(crds, 'new.yaml'), stones('newstones'));
    expect((await peer.plan()).stdout).toMatch(/\+ CustomResourceDefinition newstones\.values\.peers\.test/);
    expect(await peer.up()).toMatchObject({ code: 0 });
    expect((await read('crd', 'newstones.values.peers.test')).spec.names.kind).toBe('newstones');
    await peer.undo(
      '--allow-data-loss',
      'CustomResourceDefinition/oldstones.values.peers.test',
      '--allow-data-loss',
      'CustomResourceDefinition/newstones.values.peers.test',
    );
  });
});
