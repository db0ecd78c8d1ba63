import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebianRoot, openDebianRoot } from '../../../rig/debian-root.ts';

/** What the repository offers: names with versions, and what each needs. */
const offered = [
  { name: 'hello', version: '2.9-1', depends: 'libhello' },
  { name: 'hello', version: '2.10-3', depends: 'libhello' },
  { name: 'libhello', version: '1.0-1' },
] as const;

let repository: string | undefined;

/** A Debian of its own whose apt knows one small repository and needs no network: seconds less for each command. */
export function openAptRoot(): DebianRoot {
  repository ??= makeRepository();
  const root = openDebianRoot();
  mkdirSync(join(root.folder, 'srv/packages'));
  for (const name of readdirSync(repository))
    writeFileSync(join(root.folder, 'srv/packages', name), readFileSync(join(repository, name)));
  const source = 'deb [trusted=yes] file:/srv/packages ./';
  root.sh(`rm -rf /etc/apt/sources.list.d; echo '${source}' >/etc/apt/sources.list; apt-get -qq update`);
  return root;
}

/** Forgets the packages that were built. */
export function closeRepository(): void {
  if (repository !== undefined) rmSync(repository, { recursive: true, force: true });
  repository = undefined;
}

function makeRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-debs-'));
  const index = offered.map((one) => {
    const control = controlOf(one);
    const file = `${one.name}_${one.version}_all.deb`;
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    writeFileSync(join(tree, 'DEBIAN/control'), control);
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, join(folder, file)], { stdio: 'ignore' });
    rmSync(tree, { recursive: true });
    const bytes = readFileSync(join(folder, file));
    const sum = createHash('sha256').update(bytes).digest('hex');
    return `${control}Filename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sum}\n`;
  });
  writeFileSync(join(folder, 'Packages'), index.join('\n'));
  return folder;
}

function controlOf({ name, version, ...more }: (typeof offered)[number]): string {
  const depends = 'depends' in more ? `Depends: ${more.depends}\n` : '';
  return `Package: ${name}\nVersion: ${version}\nArchitecture: all\n${depends}Maintainer: The tests <tests@example.com>\nDescription: says hello\n`;
}
