import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Packs this checkout and installs the package, as a user would; answers the path of its launcher. */
export function installPacked(folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', '--ignore-scripts=false', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--ignore-scripts', join(folder, archive)], { cwd: folder, stdio: 'pipe' });
  return join(folder, 'node_modules', '@cairnhq', 'cairn', 'bin', 'cairn.mjs');
}
