import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Checkout, checkoutOf } from './rig.ts';

const fileStep = (name: string) => `
import { host, restore, step } from '@cairnhq/cairn';
export default step({
  summary: 'A file',
  on: 'hosts',
  resources: () => ({ file: host.file({ path: import.meta.dirname + '/${name}', content: 'here' }) }),
  undo: restore,
});
`;

/** A project whose "cluster" is a file, so that only what goes besides is under test. */
async function built(): Promise<Checkout & { cache: string; state: string }> {
  const checkout = checkoutOf('shop', [
    ['steps/kind/10_file.ts', fileStep('made')],
    ['steps/extra/10_file.ts', fileStep('more')],
    ['playbooks/kind.yaml', 'components: [{ component: kind, hosts: localhost }]\n'],
    ['playbooks/extra.yaml', 'components: [{ component: extra, hosts: localhost }]\n'],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
  ]);
  const home = join(checkout.root, 'home');
  const cache = join(home, '.cache/cairn');
  mkdirSync(join(cache, 'images'), { recursive: true });
  writeFileSync(join(cache, 'images/node.tar'), 'an image');
  return { ...checkout, cache, state: join(home, '.local/state/cairn') };
}

describe('cluster down', () => {
  test('leaves the cache and the journal', async () => {
    const { root, cairn, cache } = await built();
    expect(await cairn(['cluster', 'up', '--yes'])).toMatchObject({ code: 0 });
    expect(await cairn(['cluster', 'down', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(join(root, 'steps/kind/made'))).toBe(false);
    expect(existsSync(join(cache, 'images/node.tar'))).toBe(true);
    expect((await cairn(['history'])).stdout).toContain('undo playbooks/kind.yaml');
  });

  test('with --all removes both, and says so before', async () => {
    const { cairn, cache, state } = await built();
    await cairn(['cluster', 'up', '--yes']);
    const down = await cairn(['cluster', 'down', '--all', '--yes']);
    expect(down).toMatchObject({ code: 0 });
    expect(down.stdout).toMatch(new RegExp(`^With --all the cache ${cache} goes too`));
    expect(existsSync(cache)).toBe(false);
    expect(readdirSync(state)).toEqual([]);
  });

  test('with --all keeps a journal by which something else can be taken back', async () => {
    const { root, cairn, cache } = await built();
    await cairn(['cluster', 'up', '--yes']);
    await cairn(['up', 'playbooks/extra.yaml', '--yes']);
    const down = await cairn(['cluster', 'down', '--all', '--yes']);
    expect(down.stdout).toContain('The journal stays: 1 resource of playbooks/extra.yaml can be taken back by it.');
    expect(existsSync(cache)).toBe(false);
    expect(await cairn(['undo', 'playbooks/extra.yaml', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(join(root, 'steps/extra/more'))).toBe(false);
  });
});
