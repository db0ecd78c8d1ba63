import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';

// What a package holds: compiled sources, and beside them the data that steps and roles bring along.
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const content = ['steps', 'roles', 'playbooks', 'inventory', 'cairn.yaml'].filter((name) =>
  existsSync(join(root, name)),
);

await rm(dist, { recursive: true, force: true });
await $({ cwd: root, stdio: 'inherit', preferLocal: root })`tsc --project tsconfig.build.json`;
for (const name of content) {
  await cp(join(root, name), join(dist, name), { recursive: true, filter: (source) => !isCompiled(source) });
}

/** Files under `files/` are content, whatever they are written in. */
function isCompiled(source: string): boolean {
  return source.endsWith('.ts') && !source.includes('/files/');
}
