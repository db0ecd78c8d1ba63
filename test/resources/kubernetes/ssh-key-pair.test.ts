import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSshKeyPair, makeSshKeyPair } from '../../../src/resources/kubernetes/issued/open-ssh.ts';
import { folderOf } from '../../rig/folder.ts';

test('ssh-keygen reads the private key, and finds the same public one', () => {
  // comments of all lengths: each asks for another padding
  for (const length of [0, 1, 2, 3, 4, 5, 6, 7, 40]) {
    const pair = makeSshKeyPair('c'.repeat(length));
    const file = join(folderOf('ssh-key-pair'), `key-${length}`);
    writeFileSync(file, pair.privateKey, { mode: 0o600 });
    const found = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' });
    expect(found.trim()).toBe(pair.publicKey.trim());
  }
});

test('two keys are a pair only if they belong together', () => {
  const one = makeSshKeyPair('one');
  const other = makeSshKeyPair('other');
  expect(isSshKeyPair(one)).toBe(true);
  expect(isSshKeyPair({ ...one, publicKey: other.publicKey })).toBe(false);
  expect(isSshKeyPair({ ...one, privateKey: 'nothing' })).toBe(false);
  expect(isSshKeyPair({ ...one, publicKey: '' })).toBe(false);
});
