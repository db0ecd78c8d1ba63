import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A flat apt repository: its files by name, and the key that signed it. */
export interface Repository {
  readonly key: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

const control = `Package: greeter
Version: 1.0
Architecture: all
Depends: busybox
Maintainer: The fleet <fleet@example.com>
Description: serves a folder by HTTP
`;

// Notes that it happened, where neither a snapshot nor an undo looks.
const postinst = '#!/bin/sh\n[ ! -d /run/effects ] || echo once >>/run/effects/installs\n';
const program = `#!/bin/sh
exec busybox httpd -f -p "$1" -h "$2"
`;

/** A repository with one package, `greeter`, signed by a key made for it. Needs dpkg-deb and gpg. */
export function makeRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-repository-'));
  try {
    const file = 'greeter_1.0_all.deb';
    const deb = buildPackage(folder, file);
    const index = Buffer.from(`${control}Filename: ./${file}\nSize: ${deb.length}\nSHA256: ${sumOf(deb)}\n`);
    const date = new Date().toUTCString().replace('GMT', 'UTC');
    const release = `Origin: ours\nDate: ${date}\nSHA256:\n ${sumOf(index)} ${index.length} Packages\n`;
    const gpg = (input: string, ...args: readonly string[]): Buffer =>
      execFileSync('gpg', ['--homedir', folder, '--batch', '-q', ...args], { input });
    gpg('', '--passphrase', '', '--quick-gen-key', 'ours@example.com', 'ed25519', 'sign', 'never');
    return {
      key: gpg('', '--armor', '--export', 'ours@example.com').toString(),
      files: { [file]: deb, Packages: index, InRelease: gpg(release, '--clearsign') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function buildPackage(folder: string, file: string): Buffer {
  const tree = join(folder, 'greeter');
  const put = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), text);
    chmodSync(join(tree, path), mode);
  };
  put('DEBIAN/control', control);
  put('DEBIAN/conffiles', '/etc/greeter/greeter.yaml\n/etc/greeter/log.json\n');
  put('DEBIAN/postinst', postinst, 0o755);
  put('usr/bin/greeter', program, 0o755);
  put('etc/greeter/greeter.yaml', '# The site.\npage:\n  title: Untitled # as visitors see it\n  language: en\n');
  put('etc/greeter/log.json', '{\n  "level": "debug",\n  "format": "lines"\n}\n');
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, join(folder, file)], { stdio: 'ignore' });
  return readFileSync(join(folder, file));
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
