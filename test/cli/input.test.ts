import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkoutOf } from './rig.ts';

test.each(['plan', 'up', 'verify', 'undo'])(
  '%s says all that is wrong with the input, the journal included',
  async (command) => {
    const { root, cairn } = checkoutOf('shop', [
      ['playbooks/shop.yaml', 'components: [{ component: shop, cluster: cairm }, { component: shpo }]\n'],
      ['inventory/local/journal.yaml', "folder: '{{root}}/journal'\n"],
    ]);
    mkdirSync(join(root, 'journal'), { mode: 0o700 });
    writeFileSync(join(root, 'journal/identity.txt'), 'AGE-SECRET-KEY-1\n');
    chmodSync(join(root, 'journal/identity.txt'), 0o644);
    const { code, stderr } = await cairn([command, 'playbooks/shop.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('identity.txt can be read by others');
    expect(stderr).toContain('the cluster "cairm" is not in inventory/local/clusters.yaml');
    expect(stderr).toContain('the component "shpo" does not exist');
    expect(stderr).toContain('nothing was touched');
    expect(readdirSync(join(root, 'journal'))).toEqual(['identity.txt']);
  },
);

test('an identity that is no file is a problem of the input, not of the program', async () => {
  const { root, cairn } = checkoutOf('shop', [['inventory/local/journal.yaml', "folder: '{{root}}/journal'\n"]]);
  mkdirSync(join(root, 'journal/identity.txt'), { recursive: true });
  const { code, stderr } = await cairn(['up', 'playbooks/shop.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/journal\/identity\.txt can neither be read nor made: EISDIR/);
});
