import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CairnError, messageOf, problem } from '../../model/diagnostic.ts';
import { Secret } from '../../model/secret.ts';

/** An age identity with the recipient that goes with it. */
export interface OwnIdentity {
  readonly identity: Secret;
  /** `age1…` */
  readonly recipient: string;
}

/**
 * The identity of a journal that names no recipients: `identity.txt` in its folder, in the form of age-keygen, made once,
 * for its owner alone.
 * @throws CairnError `identity-open` when others can read it, `identity-invalid` when it holds none, `identity-unreadable`
 */
export async function ownIdentity(folder: string): Promise<OwnIdentity> {
  const file = join(folder, 'identity.txt');
  try {
    return (await readIdentity(file)) ?? (await makeIdentity(folder, file));
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw new CairnError(
      problem('identity-unreadable', `${file} can neither be read nor made: ${messageOf(error)}`, {
        help: 'give access there, or name another folder in journal.yaml of the inventory',
      }),
    );
  }
}

async function makeIdentity(folder: string, file: string): Promise<OwnIdentity> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { generateIdentity, identityToRecipient } = await import('age-encryption');
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

async function readIdentity(file: string): Promise<OwnIdentity | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await refuseOpen(file);
  // The recipient stands in the file: working it out would load age, tens of milliseconds at every start.
  const recipient = /^# public key: (age1\S+)$/m.exec(text)?.[1];
  const identity = /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0];
  if (recipient !== undefined && identity !== undefined) return { identity: new Secret(identity), recipient };
  throw new CairnError(
    problem('identity-invalid', `${file} holds no age identity with its public key`, {
      help: 'restore it from a backup: without it the journal there can no longer be read',
    }),
  );
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
