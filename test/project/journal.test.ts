import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import type { JournalSettings } from '../../src/model/project.ts';
import { reveal } from '../../src/model/secret.ts';
import { readJournal } from '../../src/project/inventory/journal.ts';
import { ownIdentity } from '../../src/project/inventory/own-identity.ts';
import { Problems } from '../../src/project/problems.ts';
import { Secrets } from '../../src/project/vars/secrets.ts';
import { type Env, type Files, readMap } from '../../src/project/yaml/files.ts';
import { folderOf } from '../rig/folder.ts';

async function settings(text: string | null, env: Env = {}): Promise<JournalSettings & { files: Files }> {
  const root = folderOf('journal-settings');
  const files: Files = { root, env: { XDG_STATE_HOME: join(root, 'state'), ...env }, problems: new Problems() };
  if (text !== null) writeFileSync(join(root, 'journal.yaml'), text);
  const node = text === null ? undefined : (readMap(files, join(root, 'journal.yaml')) ?? undefined);
  const owner = { project: 'shop', inventory: 'inventory/local' };
  return { ...(await readJournal(files, owner, node, new Secrets(files))), files };
}

test('a journal that names nobody is read by an identity of its own, made once', async () => {
  const { folder, recipients, identities, files } = await settings(null);
  expect(folder).toMatch(/\/state\/cairn\/shop-[0-9a-f]{8}\/local$/);
  const file = join(folder, 'identity.txt');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const [identity] = identities;
  expect(identity && (await identityToRecipient(reveal(identity)))).toBe(recipients[0]);
  const again = await readJournal(
    files,
    { project: 'shop', inventory: 'inventory/local' },
    undefined,
    new Secrets(files),
  );
  expect(again.recipients).toEqual(recipients);
});

test('inventories of one name in other places have journals of their own', async () => {
  const { files, folder } = await settings(null);
  const folders = await Promise.all(
    ['other/local', join(files.root, 'elsewhere/local')].map(async (inventory) => {
      const settings = await readJournal(files, { project: 'shop', inventory }, undefined, new Secrets(files));
      return settings.folder;
    }),
  );
  expect(new Set([folder, ...folders]).size).toBe(3);
});

test('two that want the identity of a journal at the same time get the same', async () => {
  const folder = join(folderOf('own-identity'), 'state');
  const all = await Promise.all([1, 2, 3, 4].map(() => ownIdentity(folder)));
  expect(new Set(all.map(({ identity }) => reveal(identity))).size).toBe(1);
  expect(readdirSync(folder)).toEqual(['identity.txt']);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('an identity that others can read, or that is none, is refused', async () => {
  const folder = folderOf('own-identity');
  await ownIdentity(folder);
  chmodSync(join(folder, 'identity.txt'), 0o640);
  await expect(ownIdentity(folder)).rejects.toMatchObject({ code: 'identity-open' });
  chmodSync(join(folder, 'identity.txt'), 0o600);
  writeFileSync(join(folder, 'identity.txt'), 'nothing\n');
  await expect(ownIdentity(folder)).rejects.toMatchObject({ code: 'identity-invalid' });
});

test('a journal goes to its recipients, and to a folder of the project', async () => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const text = `folder: '{{root}}/kept'\nrecipients: [${recipient}]\nidentities: [!secret env:KEY]\n`;
  const { folder, recipients, files } = await settings(text, { KEY: `# made today\n${identity}\n` });
  expect(files.problems.sorted()).toEqual([]);
  expect(folder).toBe(join(files.root, 'kept'));
  expect(recipients).toEqual([recipient]);
});

test.each([
  ['recipients: [age1nope]\n', 'bad-recipient', 1, 14],
  ['identities: [!secret env:WRONG]\n', 'bad-identity', 1, 22],
  ['recipients: [RECIPIENT]\nidentities: [!secret env:OTHER]\n', 'journal-undecryptable', 1, 1],
  ['recipients: [RECIPIENT]\n', 'journal-undecryptable', 1, 1],
  ['identities: [plain]\n', 'wrong-type', 1, 14],
  ['foldr: x\n', 'unknown-key', 1, 1],
])('%j is refused', async (text, code, line, column) => {
  const recipient = await identityToRecipient(await generateIdentity());
  const env = { WRONG: 'not an identity', OTHER: await generateIdentity() };
  const { files } = await settings(text.replace('RECIPIENT', recipient), env);
  expect(files.problems.sorted()).toMatchObject([{ code, source: { file: 'journal.yaml', line, column } }]);
});
