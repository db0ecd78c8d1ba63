import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { Secret } from '../model/secret.ts';

/** The age identity of a journal that names no recipients: made once, readable by its owner alone. */
export async function ownIdentity(folder: string): Promise<Secret> {
  const file = join(folder, 'identity.age');
  const known = readIfThere(file);
  if (known !== undefined) return new Secret(known);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = await generateIdentity();
  try {
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(file, 0o600);
    return new Secret(made);
  } catch (error) {
    // Somebody else made it in the meantime: theirs counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return new Secret(readIfThere(file) ?? made);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
