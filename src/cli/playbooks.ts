import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A project's playbooks, as a user names them. */
export function playbooksOf(root: string): readonly string[] {
  const folder = join(root, 'playbooks');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `playbooks/${name}`);
}
