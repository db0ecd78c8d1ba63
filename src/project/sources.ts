import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { namesIn } from './yaml/files.ts';

const folders = ['steps', 'roles'] as const;

/** Every file of a project's steps and roles, from its root, with a hash of what is in it (16 hex digits). */
export function sourcesOf(root: string): Readonly<Record<string, string>> {
  const files = folders.flatMap((folder) => filesIn(join(root, folder)));
  return Object.fromEntries(files.map((file) => [relative(root, file), hashOf(file)]));
}

function filesIn(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((name) => {
      const path = join(folder, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory()) return filesIn(path);
      return found?.isFile() ? [path] : [];
    });
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
}
