import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Project } from '../../src/model/project.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { type LoadOptions, loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

type Files = Iterable<readonly [string, string]>;

async function load(options: Partial<LoadOptions> = {}, files: Files = []): Promise<Project> {
  const root = projectOf('shop', files);
  const set = options.set ?? [];
  const selection = { only: [], set };
  const playbook = 'playbooks/shop.yaml';
  const { project, problems } = await loadProject({
    root,
    cwd: root,
    playbook,
    env: envOf(root),
    selection,
    ...options,
    set,
  });
  expect(problems).toEqual([]);
  if (!project) throw new Error('no project');
  return project;
}

function idsOf({ instances }: Project): readonly string[] {
  return instances.map(({ id, target }) => `${id} on ${target.name}`);
}

function varsOf(project: Project, id: string, target?: string): Readonly<Record<string, unknown>> {
  const found = project.instances.find((one) => one.id === id && (target === undefined || one.target.name === target));
  return found?.vars ?? {};
}

test('a playbook becomes steps on targets, those of its includes first', async () => {
  const project = await load();
  expect(project).toMatchObject({ name: 'shop', playbook: 'playbooks/shop.yaml', inventory: 'inventory/local' });
  expect(idsOf(project)).toEqual([
    'machine/10_packages on web1',
    'machine/10_packages on web2',
    'machine/40_cluster on web1',
    'machine/40_cluster on web2',
    'shop/10_namespace on cairn',
    'shop/20_web on cairn',
    'shop/30_redis on cairn',
  ]);
});

test('a step on hosts holds its component’s cluster too; paths are filled in', async () => {
  const { instances, root } = await load();
  const cluster = {
    kind: 'cluster',
    name: 'cairn',
    kubeconfig: join(root, 'home/.local/state/cairn/kind/kubeconfig'),
    context: 'kind-cairn',
    providedBy: 'machine/40_cluster',
  };
  expect(instances[0]).toMatchObject({
    source: { file: 'steps/machine/10_packages.ts' },
    number: 10,
    component: 'machine',
    target: { kind: 'host', name: 'web1', connection: 'local' },
    cluster,
  });
  expect(instances.at(-1)).toMatchObject({ target: cluster, cluster });
});

test('a step of a role gets its variables, the defaults beneath, templates filled in and secrets wrapped', async () => {
  const { password, ...vars } = varsOf(await load(), 'shop/20_web');
  expect(vars).toEqual({
    host: 'shop.cairn.localhost',
    port: 443,
    replicas: 2,
    tags: ['a', 'b'],
    image: { name: 'shop', tag: 'latest' },
  });
  expect(password instanceof Secret && reveal(password)).toBe('hunter2hunter2');
});

test('a step may take several roles, each by its role’s name, and variables from the top', async () => {
  expect(varsOf(await load(), 'shop/30_redis')).toMatchObject({
    redis: { url: 'redis://redis.cairn.localhost', memoryMiB: 64 },
    shop: { port: 443 },
    realm: 'cairn',
  });
});

test('layers go from group to host to playbook to component to the command line; maps are joined, lists replaced', async () => {
  const files: Files = [
    [
      'inventory/local/group_vars/all.yaml',
      'domain: x\nlayered: { a: all, b: all, c: all, d: all, e: all, f: all, list: [1, 2] }\n',
    ],
    ['inventory/local/group_vars/web/one.yaml', 'layered: { b: web, c: web, d: web, e: web, f: web }\n'],
    ['inventory/local/group_vars/web/two.yaml', 'layered: { list: [3] }\n'],
    ['inventory/local/host_vars/web1.yaml', 'layered: { c: host, d: host, e: host, f: host }\n'],
    [
      'playbooks/shop.yaml',
      `vars: { layered: { d: playbook, e: playbook, f: playbook } }
components: [{ component: machine, cluster: cairn, hosts: web, steps: [10], vars: { layered: { e: component, f: component } } }]
`,
    ],
    [
      'steps/machine/10_packages.ts',
      `import { keep, step, T } from '@cairnhq/cairn';
const layered = T.Record(T.String(), T.Unknown());
export default step({ summary: 'x', on: 'hosts', vars: T.Object({ layered }), undo: keep('why'), resources: () => ({}) });
`,
    ],
  ];
  const project = await load({ set: ['layered.f=set'] }, files);
  expect(varsOf(project, 'machine/10_packages', 'web1').layered).toEqual({
    a: 'all',
    b: 'web',
    c: 'host',
    d: 'playbook',
    e: 'component',
    f: 'set',
    list: [3],
  });
  expect(varsOf(project, 'machine/10_packages', 'web2').layered).toMatchObject({ c: 'web' });
});

test('a deeper group is stronger, and a rank decides between sisters', async () => {
  const files: Files = [
    [
      'inventory/local/hosts.yaml',
      `all:
  vars: { realm: all }
  children:
    site:
      vars: { realm: site }
      children:
        web: { hosts: { web1: { ansible_connection: local } }, vars: { realm: web, ansible_group_priority: 2 } }
        blue: { hosts: { web1: }, vars: { realm: blue } }
`,
    ],
    [
      'steps/machine/10_packages.ts',
      `import { keep, step, T } from '@cairnhq/cairn';
export default step({ summary: 'x', on: 'hosts', vars: T.Object({ realm: T.String() }), undo: keep('why'), resources: () => ({}) });
`,
    ],
  ];
  expect(varsOf(await load({}, files), 'machine/10_packages')).toEqual({ realm: 'web' });
});

test('a value of the command line is YAML', async () => {
  const { port, tags, image } = varsOf(
    await load({ set: ['shop.port=8443', 'shop.tags=[x]', 'shop.image.tag="7"'] }),
    'shop/20_web',
  );
  expect({ port, tags, image }).toEqual({ port: 8443, tags: ['x'], image: { name: 'shop', tag: '7' } });
});

test('the farewell and the question are filled in', async () => {
  const { farewell, confirm } = await load({}, [
    [
      'playbooks/shop.yaml',
      `confirm: 'Install {{shop.host}}?'
farewell: |
  The shop is open.
    look    https://{{shop.host}}:{{shop.port}}
components: [{ component: shop, cluster: cairn }]
`,
    ],
  ]);
  expect(confirm).toBe('Install shop.cairn.localhost?');
  expect(farewell).toBe('The shop is open.\n  look    https://shop.cairn.localhost:443\n');
});

test.each([
  [{ only: ['shop/20', '30'] }, ['shop/20_web on cairn', 'shop/30_redis on cairn']],
  [{ only: [], from: 'shop/30' }, ['shop/30_redis on cairn']],
  [{ only: ['machine'], limit: 'web:!web1' }, ['machine/10_packages on web2', 'machine/40_cluster on web2']],
])('the selection %j leaves %j', async (selection, ids) => {
  expect(idsOf(await load({ selection: { set: [], ...selection } }))).toEqual(ids);
});

test('a playbook is found from the folder one stands in', async () => {
  const root = projectOf('shop');
  const { project, problems } = await loadProject({
    root,
    cwd: join(root, 'playbooks'),
    playbook: 'machine.yaml',
    set: [],
    selection: { only: [], set: [] },
    env: envOf(root),
  });
  expect(problems).toEqual([]);
  expect(project?.playbook).toBe('playbooks/machine.yaml');
  expect(project?.confirm).toBe('Install packages on this machine?');
});

test('what an environment or a secret holds is never a template', async () => {
  const files: Files = [
    [
      'inventory/local/group_vars/all.yaml',
      'domain: x\nshop: { tags: [], host: !env SHOP_HOST, password: !secret env:SHOP_PASSWORD }\n',
    ],
    ['playbooks/shop.yaml', 'components: [{ component: shop, cluster: cairn, steps: [20] }]\n'],
  ];
  const root = projectOf('shop', files);
  const env = envOf(root, { SHOP_HOST: '{{domain}}', SHOP_PASSWORD: '{{domain}}{{nope}}' });
  const { project, problems } = await loadProject({
    root,
    cwd: root,
    playbook: 'playbooks/shop.yaml',
    set: [],
    selection: { only: [], set: [] },
    env,
  });
  expect(problems).toEqual([]);
  const { host, password } = project?.instances[0]?.vars ?? {};
  expect(host).toBe('{{domain}}');
  expect(password instanceof Secret && reveal(password)).toBe('{{domain}}{{nope}}');
});

test('a playbook that two others include runs once', async () => {
  const project = await load({}, [
    ['playbooks/shop.yaml', 'include: [machine.yaml, again.yaml]\n'],
    ['playbooks/again.yaml', 'include: [machine.yaml]\n'],
  ]);
  expect(project.instances).toHaveLength(4);
});

test('a text at the place of a secret becomes one', async () => {
  const vars = 'shop: { host: a, tags: [], password: plain-text }\ndomain: x\n';
  const project = await load({}, [['inventory/local/group_vars/all.yaml', vars]]);
  expect(varsOf(project, 'shop/20_web').password).toBeInstanceOf(Secret);
});
