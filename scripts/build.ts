import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';
import { bundle } from './bundle.ts';

// What a package holds: compiled sources, and beside them the data that steps and roles bring along.
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const content = ['steps', 'roles', 'playbooks', 'inventory', 'cairn.yaml'].filter((name) =>
  existsSync(join(root, name)),
);

await rm(dist, { recursive: true, force: true });
await $({ cwd: root, stdio: 'inherit', preferLocal: root })`tsc --project tsconfig.build.json`;
await forgetScripts(join(dist, 'src'));
await bundle(root, join(dist, 'src'));
for (const name of content) {
  await cp(join(root, name), join(dist, name), { recursive: true, filter: (source) => !isCompiled(source) });
}

/** Of the program itself only the types stay as the compiler wrote them. */
async function forgetScripts(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.filter((name) => name.endsWith('.js')).map((name) => rm(join(folder, name))));
}

/** Files under `files/` are content, whatever they are written in. */
function isCompiled(source: string): boolean {
  return source.endsWith('.ts') && !source.includes('/files/');
}
