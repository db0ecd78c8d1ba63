import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const step = `import { restore, step, T } from '@cairnhq/cairn';
export default step({ summary: 'x', on: 'hosts', vars: T.Object({ who: T.Any() }), undo: restore, resources: () => ({}) });
`;

interface Found {
  /** `who` by host. */
  readonly who: Readonly<Record<string, unknown>>;
  readonly problems: readonly Diagnostic[];
}

async function whoOf(
  hosts: string,
  more: readonly (readonly [string, string])[] = [],
  playbookVars = '{}',
): Promise<Found> {
  const root = projectOf('shop', [
    ['inventory/local/hosts.yaml', hosts],
    ['inventory/local/group_vars/all.yaml', 'ansible_connection: local\n'],
    ['steps/layers/10_who.ts', step],
    ['playbooks/who.yaml', `components: [{ component: layers, hosts: all, vars: ${playbookVars} }]\n`],
    ...more,
  ]);
  const selection = { only: [], set: [] };
  const loaded = await loadProject({
    root,
    cwd: root,
    playbook: 'playbooks/who.yaml',
    env: envOf(root),
    set: [],
    selection,
  });
  const instances = loaded.project?.instances ?? [];
  return {
    who: Object.fromEntries(instances.map(({ target, vars }) => [target.name, vars.who])),
    problems: loaded.problems,
  };
}

const nested = `all:
  vars: { who: all }
  children:
    outer:
      vars: { who: outer }
      hosts: { one: }
      children:
        inner:
          vars: { who: inner }
          hosts: { two:, three: { who: host } }
`;

test('a deeper group is stronger, and a host is stronger than its groups', async () => {
  expect(await whoOf(nested)).toEqual({ who: { one: 'outer', two: 'inner', three: 'host' }, problems: [] });
});

test('files of a group and of a host are stronger than hosts.yaml, and a folder’s files are all read', async () => {
  const files = [
    ['inventory/local/group_vars/outer/10.yaml', 'who: first\n'],
    ['inventory/local/group_vars/outer/20.yaml', 'who: second\n'],
    ['inventory/local/host_vars/three.yaml', 'who: its file\n'],
  ] as const;
  expect((await whoOf(nested, files)).who).toEqual({ one: 'second', two: 'inner', three: 'its file' });
});

test('a playbook is stronger than the inventory', async () => {
  expect((await whoOf(nested, [], '{ who: playbook }')).who).toEqual({
    one: 'playbook',
    two: 'playbook',
    three: 'playbook',
  });
});

test('maps are joined key by key, lists replaced', async () => {
  const hosts = `all:
  vars: { who: { a: 1, deep: { b: 2 }, list: [1, 2] } }
  children:
    web: { hosts: { one: }, vars: { who: { deep: { c: 3 }, list: [3] } } }
`;
  expect((await whoOf(hosts)).who).toEqual({ one: { a: 1, deep: { b: 2, c: 3 }, list: [3] } });
});

const siblings = (rank: string): string => `all:
  children:
    blue: { hosts: { one: }, vars: { who: { name: blue }${rank} } }
    green: { hosts: { one: }, vars: { who: { name: green } } }
`;

test('siblings that say different things are told, once, with both places', async () => {
  const { problems } = await whoOf(siblings(''));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ code: 'sibling-clash', source: { file: 'inventory/local/hosts.yaml', line: 4 } });
  expect(problems[0]?.summary).toContain('inventory/local/hosts.yaml:3');
});

test('ansible_group_priority ranks siblings', async () => {
  expect(await whoOf(siblings(', ansible_group_priority: 2'))).toEqual({
    who: { one: { name: 'blue' } },
    problems: [],
  });
});

test('a template sees the variables of its own target, and keeps types', async () => {
  const hosts = `all:
  vars: { who: '{{ports}}', ports: [1, 2] }
  hosts: { one:, two: { ports: { http: 80 } } }
`;
  expect((await whoOf(hosts)).who).toEqual({ one: [1, 2], two: { http: 80 } });
});
