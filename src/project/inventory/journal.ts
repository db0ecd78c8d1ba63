import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { Source } from '../../model/diagnostic.ts';
import type { JournalSettings } from '../../model/project.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { stateFolder } from '../folders.ts';
import type { Secrets } from '../vars/secrets.ts';
import { Values } from '../vars/values.ts';
import { checkKeys, given, listField, textsField, wrongType } from '../yaml/fields.ts';
import { type Files, pathFrom } from '../yaml/files.ts';
import { type MapNode, mapNode, type Node } from '../yaml/node.ts';
import { type OwnIdentity, ownIdentity } from './own-identity.ts';

// Loading age takes tens of milliseconds: paid where it is used.
const age = () => import('age-encryption');

/** What a journal belongs to: the project's name, and the inventory's folder as people see it. */
export interface JournalOwner {
  readonly project: string;
  readonly inventory: string;
}

/**
 * Where the journal is, and who can read it. Without recipients an identity is made beside it.
 * Problems are noted: `bad-recipient`, `bad-identity`, `journal-undecryptable`.
 * @param node what journal.yaml holds; undefined where there is none
 */
export async function readJournal(
  files: Files,
  owner: JournalOwner,
  node: Node | undefined,
  secrets: Secrets,
): Promise<JournalSettings> {
  const map = mapOf(files, node);
  if (map) checkKeys(files, map, ['folder', 'recipients', 'identities', 'keepCopies'], 'journal.yaml');
  const copies = map && readDays(files, map);
  const keeps = copies === undefined ? {} : { keepCopies: copies };
  const folder = (map && readFolder(files, map, secrets)) ?? defaultFolder(files, owner);
  const identities = map ? await readIdentities(files, map, secrets) : [];
  const recipients = map ? await readRecipients(files, map) : [];
  if (map && recipients.length > 0) {
    if (!(await canDecrypt(recipients, identities))) notDecryptable(files, map);
    return { folder, recipients, identities, ...keeps };
  }
  if (identities.length > 0)
    return { folder, recipients: await Promise.all(identities.map(recipientOf)), identities, ...keeps };
  const own = await ownIdentityOf(files, folder);
  return { folder, recipients: own ? [own.recipient] : [], identities: own ? [own.identity] : [], ...keeps };
}

function readDays(files: Files, map: MapNode): number | undefined {
  const node = given(map, 'keepCopies');
  if (!node) return undefined;
  const value = node.is === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return wrongType(files, 'keepCopies', 'a number of days', node);
}

async function ownIdentityOf(files: Files, folder: string): Promise<OwnIdentity | undefined> {
  try {
    return await ownIdentity(folder);
  } catch (error) {
    files.problems.addThrown(error);
    return undefined;
  }
}

function mapOf(files: Files, node: Node | undefined): MapNode | undefined {
  if (!node || node.is === 'map') return node;
  return wrongType(files, 'the journal', 'a map of folder, recipients, identities and keepCopies', node);
}

function readFolder(files: Files, map: MapNode, secrets: Secrets): string | undefined {
  const node = given(map, 'folder');
  if (!node) return undefined;
  const value = new Values(mapNode(map.source, map.layer), files, secrets).of(node);
  if (typeof value === 'string' && value !== '') return pathFrom(files, value);
  return typeof value === 'symbol' ? undefined : wrongType(files, 'folder', 'a path', node);
}

// The hash keeps two checkouts of one project apart, and inventories of one name in other places: each has its own pins.
function defaultFolder({ root, env }: Files, { project, inventory }: JournalOwner): string {
  const name = basename(inventory);
  const isUsual = inventory === join('inventory', name);
  const own = isUsual ? name : `${name}-${hashOf(resolve(root, inventory))}`;
  return join(stateFolder(env), `${project}-${hashOf(root)}`, own);
}

function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 8);
}

async function readIdentities(files: Files, map: MapNode, secrets: Secrets): Promise<readonly Secret[]> {
  const found: Secret[] = [];
  for (const node of listField(files, map, 'identities')) {
    if (node.is !== 'secret' || node.from === 'age' || node.from === 'k8s') {
      wrongType(files, 'an identity', '!secret file:PATH or !secret env:NAME', node);
      continue;
    }
    const text = secrets.read(node);
    if (text) found.push(...(await identitiesIn(files, text, node.source)));
  }
  return found;
}

// As age-keygen writes it: comments, and one identity a line.
async function identitiesIn(files: Files, text: Secret, source: Source): Promise<readonly Secret[]> {
  const lines = reveal(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const identities = lines.map((line) => new Secret(line));
  const isGood = await Promise.all(identities.map(isIdentity));
  if (identities.length > 0 && isGood.every(Boolean)) return identities;
  files.problems.error(
    'bad-identity',
    'this is no age identity',
    source,
    'make one with age-keygen; it begins with AGE-SECRET-KEY-1',
  );
  return [];
}

async function isIdentity(identity: Secret): Promise<boolean> {
  return recipientOf(identity).then(
    () => true,
    () => false,
  );
}

async function recipientOf(identity: Secret): Promise<string> {
  const { identityToRecipient } = await age();
  return identityToRecipient(reveal(identity));
}

async function readRecipients(files: Files, map: MapNode): Promise<readonly string[]> {
  const good: string[] = [];
  for (const { text, source } of textsField(files, map, 'recipients')) {
    if (await isRecipient(text)) good.push(text);
    else {
      const help = 'write what age-keygen -y prints; it begins with age1';
      files.problems.error('bad-recipient', `${JSON.stringify(text)} is no age recipient`, source, help);
    }
  }
  return good;
}

async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await age();
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

// Tried for real: an undo that finds out only then that nobody can read the journal comes too late.
async function canDecrypt(recipients: readonly string[], identities: readonly Secret[]): Promise<boolean> {
  const { Decrypter, Encrypter } = await age();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(reveal(identity));
  const sealed = await encrypter.encrypt('probe');
  return decrypter.decrypt(sealed, 'text').then(
    (text) => text === 'probe',
    () => false,
  );
}

function notDecryptable(files: Files, map: MapNode): void {
  const source = map.entries.get('recipients')?.key ?? map.source;
  const help = 'add an identity of one of the recipients: identities: [!secret file:PATH]';
  files.problems.error('journal-undecryptable', 'no identity given here can read the journal', source, help);
}
