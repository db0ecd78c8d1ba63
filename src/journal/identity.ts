import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import { reveal, Secret } from '../model/secret.ts';
import { makePrivateFolder } from './append-file.ts';

// Loading age takes tens of milliseconds: paid where it is used.
const age = () => import('age-encryption');

/** An age identity with the recipient that goes with it. */
export interface LocalIdentity {
  readonly identity: Secret;
  /** `age1…` */
  readonly recipient: string;
}

/**
 * The age identity of an inventory that is used on this machine only: `identity.txt` in its state folder, in the form of
 * age-keygen, made when it isn't there.
 * @throws CairnError `identity-open` when others can read it, `identity-invalid` when it holds none
 */
export async function ensureLocalIdentity(folder: string): Promise<LocalIdentity> {
  const file = join(folder, 'identity.txt');
  return (await readIdentity(file)) ?? (await makeIdentity(folder, file));
}

async function makeIdentity(folder: string, file: string): Promise<LocalIdentity> {
  await makePrivateFolder(folder);
  const { generateIdentity, identityToRecipient } = await age();
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const fresh = join(folder, `.${randomBytes(8).toString('hex')}`);
  try {
    await writeDurably(fresh, `# public key: ${recipient}\n${identity}\n`);
    // Whole or not at all, and the first of two processes wins.
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return (await readIdentity(file)) ?? { identity: new Secret(identity), recipient };
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIdentity(file: string): Promise<LocalIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  await refuseOpen(file);
  const line = text.split('\n').find((one) => one.startsWith('AGE-SECRET-KEY-'));
  const identity = new Secret(line?.trim() ?? '');
  const { identityToRecipient } = await age();
  try {
    return { identity, recipient: await identityToRecipient(reveal(identity)) };
  } catch {
    throw new CairnError(
      problem('identity-invalid', `${file} holds no age identity`, {
        help: 'restore it from a backup: without it the journal there can no longer be read',
      }),
    );
  }
}

async function refuseOpen(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  throw new CairnError(
    problem('identity-open', `${file} can be read by others, so it protects nothing`, {
      help: `if nobody did, close it with  chmod 600 ${file}`,
    }),
  );
}

/** True when one of the identities can read what is encrypted to the recipients. Malformed ones can't. */
export async function canDecrypt(recipients: readonly string[], identities: readonly Secret[]): Promise<boolean> {
  const probe = new Uint8Array(randomBytes(16));
  const { Decrypter, Encrypter } = await age();
  try {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(reveal(identity).trim());
    return Buffer.from(await decrypter.decrypt(await encrypter.encrypt(probe))).equals(probe);
  } catch {
    return false;
  }
}
