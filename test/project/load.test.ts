import { expect, test } from 'vitest';
import type { Project } from '../../src/model/project.ts';
import { Secret } from '../../src/model/secret.ts';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

interface Typed {
  readonly only?: readonly string[];
  readonly from?: string;
  readonly limit?: string;
  readonly set?: readonly string[];
}

async function load(files: readonly (readonly [string, string])[] = [], typed: Typed = {}): Promise<Project> {
  const root = projectOf('shop', files);
  const { only = [], set = [], ...more } = typed;
  const selection = { only, set, ...more };
  const loaded = await loadProject({
    root,
    cwd: root,
    playbook: 'playbooks/shop.yaml',
    env: envOf(root),
    set,
    selection,
  });
  expect(loaded.problems).toEqual([]);
  if (!loaded.project) throw new Error('a project without problems was not loaded');
  return loaded.project;
}

const idsOf = ({ instances }: Project): readonly string[] =>
  instances.map(({ id, target }) => `${id} on ${target.name}`);

const varsOf = ({ instances }: Project, id: string): unknown => instances.find((one) => one.id === id)?.vars;

test('steps of included playbooks come first, in the order of their numbers, once for each target', async () => {
  expect(idsOf(await load())).toEqual([
    'machine/10_packages on web1',
    'machine/10_packages on web2',
    'machine/40_cluster on web1',
    'machine/40_cluster on web2',
    'shop/10_namespace on cairn',
    'shop/20_web on cairn',
    'shop/30_redis on cairn',
  ]);
});

test('a role’s schema takes the role’s variables over its defaults, checked and with secrets wrapped', async () => {
  const vars = varsOf(await load(), 'shop/20_web');
  expect(vars).toMatchObject({ host: 'shop.cairn.localhost', port: 443, replicas: 2, tags: ['a', 'b'] });
  expect((vars as { password: unknown }).password).toBeInstanceOf(Secret);
});

test('a step of several roles takes each by its role’s name, and plain variables from the top', async () => {
  const vars = varsOf(await load(), 'shop/30_redis');
  expect(vars).toMatchObject({
    realm: 'cairn',
    redis: { url: 'redis://redis.cairn.localhost' },
    shop: { host: 'shop.cairn.localhost' },
  });
});

test('a text at the place of a secret becomes one', async () => {
  const files = [
    ['inventory/local/group_vars/all.yaml', 'shop: { host: a, tags: [], password: plain-text }\ndomain: x\n'],
  ] as const;
  const { password } = varsOf(await load(files), 'shop/20_web') as { password: unknown };
  expect(password).toBeInstanceOf(Secret);
});

test('--set is stronger than everything, and its values are YAML', async () => {
  const project = await load([], { set: ['shop.replicas=5', 'shop.tags=[x, y]', 'shop.image.tag="1.10"'] });
  expect(varsOf(project, 'shop/20_web')).toMatchObject({
    replicas: 5,
    tags: ['x', 'y'],
    image: { name: 'shop', tag: '1.10' },
  });
});

test('--only, --from and --limit leave what they name', async () => {
  expect(idsOf(await load([], { only: ['shop/10', '30'] }))).toEqual([
    'shop/10_namespace on cairn',
    'shop/30_redis on cairn',
  ]);
  expect(idsOf(await load([], { from: 'shop/20' }))).toEqual(['shop/20_web on cairn', 'shop/30_redis on cairn']);
  expect(idsOf(await load([], { limit: 'web:!web2' }))).toEqual([
    'machine/10_packages on web1',
    'machine/40_cluster on web1',
  ]);
});

test('a cluster knows its kubeconfig, its context and the step that makes it', async () => {
  const { instances } = await load();
  const cluster = instances.find(({ component }) => component === 'shop')?.cluster;
  expect(cluster).toMatchObject({ name: 'cairn', context: 'kind-cairn', providedBy: 'machine/40_cluster' });
  expect(cluster?.kubeconfig).toMatch(/\/home\/\.local\/state\/cairn\/kind\/kubeconfig$/);
});

test('the farewell is filled in', async () => {
  expect((await load()).farewell).toBe('The shop is open.\n  look    https://shop.cairn.localhost:443\n');
});

test('a playbook that two others include runs once', async () => {
  const twice = 'name: shop\ninclude: [machine.yaml, again.yaml]\n';
  const files = [
    ['playbooks/shop.yaml', twice],
    ['playbooks/again.yaml', 'include: [machine.yaml]\n'],
  ] as const;
  expect((await load(files)).instances).toHaveLength(4);
});

test('values from the environment are data: a template in one is not filled in', async () => {
  const root = projectOf('shop', [
    [
      'inventory/local/group_vars/all.yaml',
      'shop: { host: !env "SHOP_HOST, none", tags: [], password: plain-text }\ndomain: x\n',
    ],
  ]);
  const env = envOf(root, { SHOP_HOST: '{{domain}}' });
  const selection = { only: [], set: [] };
  const { project } = await loadProject({ root, cwd: root, playbook: 'playbooks/shop.yaml', env, set: [], selection });
  expect(project && varsOf(project, 'shop/20_web')).toMatchObject({ host: '{{domain}}' });
});

test('the playbook is found from where the user stands', async () => {
  const root = projectOf('shop');
  const selection = { only: [], set: [] };
  const cwd = `${root}/playbooks`;
  const { project } = await loadProject({ root, cwd, playbook: 'shop.yaml', env: envOf(root), set: [], selection });
  expect(project?.playbook).toBe('playbooks/shop.yaml');
});
