import { expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const playbook = ['playbooks/shop.yaml', 'components: [{ component: machine, hosts: box }]\n'] as const;
const other = 'other: { kubeconfig: /other, context: other }\n';

async function load(vars: string, clusters?: string) {
  const root = projectOf('shop', [
    ['inventory/local/hosts.yaml', `all: { hosts: { box: { ${vars} } } }\n`],
    ...(clusters === undefined ? [] : [['inventory/local/clusters.yaml', `clusters:\n${clusters}`] as const]),
    playbook,
  ]);
  const selection = { only: [], set: [] };
  const asked = { root, cwd: root, playbook: playbook[0], env: envOf(root), set: [], selection };
  const { project, problems } = await loadProject(asked);
  const target = project?.instances[0]?.target;
  return { target: target?.kind === 'host' ? target : undefined, problems };
}

test.each(['kubernetes', 'kubectl', 'kubernetes.core.kubectl'])(
  'the connection %s is a pod of the one cluster',
  async (name) => {
    const { target } = await load(`ansible_connection: ${name}`);
    expect(target).toMatchObject({
      connection: 'kubernetes',
      pod: { cluster: { kind: 'cluster', context: 'kind-cairn' }, namespace: 'default', name: 'box' },
    });
  },
);

test('cluster, namespace, pod and container are taken over', async () => {
  const { target } = await load(
    'ansible_connection: kubernetes, ansible_kubectl_cluster: other, ansible_kubectl_namespace: shop, ansible_kubectl_pod: web-0, ansible_kubectl_container: app',
    `  one: { kubeconfig: /one, context: one }\n  ${other}`,
  );
  expect(target?.pod).toMatchObject({ cluster: { name: 'other' }, namespace: 'shop', name: 'web-0', container: 'app' });
});

test.each([
  ['ansible_kubectl_cluster: others', undefined, 'the cluster "others" of box is not in clusters.yaml'],
  ['ansible_kubectl_pod: 7', undefined, 'ansible_kubectl_pod of box must be a text'],
  ['', `  one: { kubeconfig: /one, context: one }\n  ${other}`, "box doesn't say which cluster it is in"],
])('what is wrong with it is said: %s', async (vars, clusters, says) => {
  const { problems } = await load(`ansible_connection: kubernetes${vars ? `, ${vars}` : ''}`, clusters);
  expect(problems.map(({ summary }) => summary)).toContain(says);
});
