import { access } from 'node:fs/promises';
import type { SshSettings } from './settings.ts';

/** What to say of certificates that lie ready for a user, where nobody was let in: none of them was offered. */
export async function certificateNotes({ certificates, identityFiles }: SshSettings): Promise<readonly string[]> {
  const beside = identityFiles.map((file) => `${file}-cert.pub`);
  const there = await Promise.all([...certificates, ...beside].map(isThere));
  const files = [...new Set([...certificates, ...beside].filter((_, at) => there[at]))];
  return files.map(
    (file) =>
      `${file} was not offered: certificates of users are not understood; let the server take its plain key, in authorized_keys`,
  );
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
