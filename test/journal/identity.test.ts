import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { canDecrypt, ensureLocalIdentity } from '../../src/journal/identity.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { temporaryFolder } from './rig.ts';

describe('the identity of a local inventory', () => {
  it('is made once, for its owner only, also when two want it at the same time', async () => {
    const folder = join(temporaryFolder(), 'state');
    const all = await Promise.all([1, 2, 3, 4].map(() => ensureLocalIdentity(folder)));
    expect(new Set(all.map(({ identity }) => reveal(identity))).size).toBe(1);
    expect(await ensureLocalIdentity(folder)).toMatchObject({ recipient: all[0]?.recipient });
    expect(readdirSync(folder)).toEqual(['identity.txt']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'identity.txt')).mode & 0o777).toBe(0o600);
  });

  it('is refused when others can read it, or when it is none', async () => {
    const folder = temporaryFolder();
    await ensureLocalIdentity(folder);
    const file = join(folder, 'identity.txt');
    chmodSync(file, 0o640);
    await expect(ensureLocalIdentity(folder)).rejects.toMatchObject({ code: 'identity-open' });
    chmodSync(file, 0o600);
    writeFileSync(file, 'AGE-SECRET-KEY-1NONSENSE\n');
    await expect(ensureLocalIdentity(folder)).rejects.toMatchObject({ code: 'identity-invalid' });
  });
});

describe('the proof that a journal can be read here', () => {
  it('holds when one identity fits one recipient, and never otherwise', async () => {
    const [one, other] = [await generateIdentity(), await generateIdentity()];
    const recipients = [await identityToRecipient(one), await identityToRecipient(other)];
    expect(await canDecrypt(recipients, [new Secret(one)])).toBe(true);
    expect(await canDecrypt(recipients, [new Secret(`${other}\n`)])).toBe(true);
    expect(await canDecrypt(recipients.slice(1), [new Secret(one)])).toBe(false);
    expect(await canDecrypt(recipients, [])).toBe(false);
    expect(await canDecrypt([], [new Secret(one)])).toBe(false);
    expect(await canDecrypt(['age1nonsense'], [new Secret(one)])).toBe(false);
  });
});
