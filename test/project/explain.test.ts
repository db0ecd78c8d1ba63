import { expect, test } from 'vitest';
import type { Explained } from '../../src/model/project.ts';
import { loadProject } from '../../src/project/load.ts';
import { explainView } from '../../src/report/views/explain-view.ts';
import { envOf, projectOf } from './rig.ts';

async function explain(key: string, set: readonly string[] = []): Promise<readonly Explained[]> {
  const root = projectOf('shop');
  const selection = { only: [], set };
  const { project } = await loadProject({
    root,
    cwd: root,
    playbook: 'playbooks/shop.yaml',
    env: envOf(root),
    set,
    selection,
  });
  return project?.explain(key) ?? [];
}

test('a variable shows every layer that says something of it, weakest first, and the steps it reaches', async () => {
  const [found] = await explain('shop.replicas', ['shop.replicas=7']);
  expect(found?.layers.map(({ layer, shown }) => `${layer} ${shown}`)).toEqual([
    'default 1',
    'playbook 2',
    'command line 7',
  ]);
  expect(found?.reaches).toEqual(['shop/20_web', 'shop/30_redis']);
});

test('a secret never shows', async () => {
  expect((await explain('shop.password'))[0]?.layers).toMatchObject([{ layer: 'group', shown: '"[secret]"' }]);
});

test('a variable reaches steps through the templates that mention it', async () => {
  expect((await explain('domain'))[0]?.reaches).toEqual(['shop/20_web', 'shop/30_redis']);
});

test('a name that nobody wrote explains nothing', async () => {
  expect(await explain('shop.colour')).toEqual([]);
});

test('the screen says value, place, what was overridden and what is reached', async () => {
  expect(explainView(await explain('shop.replicas'), { color: false })).toBe(
    [
      'shop.replicas = 2',
      '  playbooks/shop.yaml:8',
      '  overrides 1 from roles/shop/defaults.yaml:2',
      '  reaches   shop/20_web · shop/30_redis',
    ].join('\n'),
  );
});
