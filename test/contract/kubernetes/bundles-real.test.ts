import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkoutOf } from '../../cli/rig.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { programs, rigTimeout, whyNo, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();
const charts = join(import.meta.dirname, '../../charts');
const definition = readFileSync(join(charts, 'shop/crds/stones.yaml'), 'utf8');

const objects = `apiVersion: v1
kind: Namespace
metadata: { name: quarry }
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: rules, creationTimestamp: null }
    data: { first: '012', second: "yes" }
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: { name: quarry-reader, namespace: nonsense }
    rules: [{ apiGroups: [cairn.example], resources: [stones], verbs: [get, list] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fence }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: null }
---
apiVersion: cairn.example/v1
kind: Stone
metadata: { name: one }
spec: { weight: 3 }
`;

const quarry = `import { k8s, restore, step } from '@cairnhq/cairn';

export default step({
  summary: 'A quarry',
  on: 'cluster',
  undo: restore,
  resources: () => ({ all: k8s.manifests({ folder: 'deploy', namespace: 'quarry' }) }),
});
`;

const chartStep = (chart: string): string => `import { k8s, restore, step } from '@cairnhq/cairn';

export default step({
  summary: 'A chart',
  on: 'cluster',
  undo: restore,
  resources: () => ({ all: k8s.helmRelease({ name: 'web', namespace: 'default', chart: '${chart}' }) }),
});
`;

describe.skipIf(why !== null)(why ?? 'bundles on a real API server', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  // The server looks for new kinds every 30 s; until then it finishes no deletion of theirs.
  const patience = 120_000;

  const project = (files: Readonly<Record<string, string>>) => {
    const { root, cairn } = checkoutOf('shop', [
      ...Object.entries(files),
      ['inventory/rig/hosts.yaml', 'all: {}\n'],
      ['inventory/rig/clusters.yaml', `clusters: { rig: { kubeconfig: ${rig.kubeconfig}, context: rig } }\n`],
      ['playbooks/deploy.yaml', 'name: deploy\ncomponents: [{ component: deploy, cluster: rig }]\n'],
    ]);
    const env = { PATH: `${programs}:${process.env.PATH}`, XDG_CACHE_HOME: join(programs, '../..') };
    return {
      root,
      cairn: (...words: readonly string[]) =>
        cairn([words[0] ?? '', 'playbooks/deploy.yaml', '-i', 'inventory/rig', ...words.slice(1)], env),
    };
  };

  it(
    'makes a folder of manifests, with a custom object before its definition, exactly and once',
    async () => {
      const files = {
        'deploy/a.yaml': objects,
        'deploy/crds/stones.yaml': definition,
        'steps/deploy/10_quarry.ts': quarry,
      };
      const { root, cairn } = project(files);
      const plan = await cairn('plan');
      expect(plan, plan.stderr).toMatchObject({ code: 0 });
      expect(
        plan.stdout
          .split('\n')
          .filter((line) => /^ +(manifests|[+] )/.test(line))
          .map((line) => line.trimEnd()),
      ).toEqual([
        '  manifests deploy',
        expect.stringMatching(/^ {4}\+ Namespace quarry/),
        expect.stringMatching(/^ {4}\+ ConfigMap quarry\/rules +predicted: its namespace is not there yet/),
        expect.stringMatching(/^ {4}\+ ClusterRole quarry-reader/),
        expect.stringMatching(/^ {4}\+ NetworkPolicy quarry\/fence/),
        expect.stringMatching(/^ {4}\+ Stone quarry\/one +predicted: its definition is not there yet/),
        expect.stringMatching(/^ {4}\+ CustomResourceDefinition stones.cairn.example/),
      ]);
      const up = await cairn('up');
      expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 });
      expect(JSON.parse(await rig.kubectl(['get', '-n', 'quarry', 'configmap/rules', '-o', 'json']))).toMatchObject({
        data: { first: '012', second: 'yes' },
      });
      expect(JSON.parse(await rig.kubectl(['get', '-n', 'quarry', 'stone/one', '-o', 'json']))).toMatchObject({
        spec: { weight: 3 },
      });
      expect((await cairn('plan', '--exit-code')).code).toBe(0);
      expect((await cairn('verify')).code).toBe(0);
      rmSync(join(root, 'deploy'), { recursive: true });
      const back = await cairn('undo', '--yes');
      expect(back, back.stdout + back.stderr).toMatchObject({ code: 0 });
      const left = await rig.kubectl(['get', 'ns,crd,clusterrole', '-o', 'name']);
      expect(left).not.toMatch(/quarry|stones/);
    },
    patience,
  );

  it.skipIf(whyNo('helm') !== null)(
    'plans a chart by the server’s own dry run, and makes one that needs no pods',
    async () => {
      const shop = project({ 'steps/deploy/10_chart.ts': chartStep(join(charts, 'shop')) });
      const plan = await shop.cairn('plan');
      expect(plan, plan.stderr).toMatchObject({ code: 0 });
      expect(plan.stdout).toMatch(/\+ Deployment default\/web\n/);
      const light = project({
        'steps/deploy/10_chart.ts': chartStep('light'),
        'light/Chart.yaml': 'apiVersion: v2\nname: light\nversion: 0.1.0\n',
        'light/crds/stones.yaml': definition,
        'light/templates/all.yaml': `apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { token: {{ randAlphaNum 20 | quote }} }
---
apiVersion: cairn.example/v1
kind: Stone
metadata: { name: two, labels: { kube: {{ .Capabilities.KubeVersion.Version | quote }} } }
spec: { list: [1, "1", 1.5, true], nothing: null }
`,
      });
      const up = await light.cairn('up');
      expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 });
      const stone = JSON.parse(await rig.kubectl(['get', 'stone/two', '-o', 'json']));
      expect(stone).toMatchObject({ metadata: { labels: { kube: 'v1.34.4' } }, spec: { list: [1, '1', 1.5, true] } });
      const again = await light.cairn('plan', '--exit-code');
      expect(again, again.stdout).toMatchObject({ code: 0 });
      expect((await light.cairn('undo', '--yes')).code).toBe(0);
      expect(await rig.kubectl(['get', 'secret,crd', '-o', 'name'])).toBe('');
    },
    patience,
  );
});
