import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LocalTransport } from '../../src/connect/local/transport.ts';
import { ShellWriter } from '../../src/connect/shell/host.ts';
import type { HostWriter } from '../../src/model/host.ts';
import { testRoots } from './test-roots.ts';

const usual = ['sudo', 'cron', 'openrc', 'kmod', 'procps', 'openssh-client'];

/** True where a Debian with these packages can be made and entered: root, mmdebstrap and mounts. */
export function canOpenDebian(packages: readonly string[] = usual): boolean {
  return process.getuid?.() === 0 && (existsSync(cacheOf(packages)) || isAsked());
}

/** The same of the usual one. */
export const hasDebianRoots = canOpenDebian();

function isAsked(): boolean {
  return process.env.CI === 'true' || process.env.CAIRN_TEST_HOST === '1';
}

/** A Debian to break: a folder with a system in it, and shells inside. */
export interface DebianRoot {
  readonly host: HostWriter;
  /** Where it lies on this machine. */
  readonly folder: string;
  /** Runs a script inside; gives what it printed. */
  sh(script: string): string;
  close(): void;
}

/** Lays a fresh Debian over one that is unpacked once; what tests write to it goes into memory. */
export function openDebianRoot(packages: readonly string[] = usual): DebianRoot {
  const cached = cacheOf(packages);
  if (!existsSync(cached)) unpack(cached, packages);
  const base = mkdtempSync('/dev/shm/cairn-root-');
  const [upper, work, folder] = ['upper', 'work', 'root'].map((name) => join(base, name)) as [string, string, string];
  for (const path of [upper, work, folder]) mkdirSync(path);
  mount('-t', 'overlay', 'overlay', '-o', `lowerdir=${cached},upperdir=${upper},workdir=${work}`, folder);
  mount('-t', 'proc', 'proc', join(folder, 'proc'));
  const argv = ['chroot', folder, 'sh'] as const;
  return {
    folder,
    host: new ShellWriter(new LocalTransport({ argv: [...argv] })),
    sh: (script) => execFileSync('chroot', [folder, 'sh', '-ec', script], { encoding: 'utf8' }),
    close: () => {
      execFileSync('umount', ['--recursive', '--lazy', folder]);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function mount(...args: readonly string[]): void {
  execFileSync('mount', args);
}

function cacheOf(packages: readonly string[]): string {
  return join(testRoots, `bookworm-${packages.join('-')}`);
}

function unpack(cached: string, packages: readonly string[]): void {
  const fresh = `${cached}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(cached, '..'), { recursive: true });
  execFileSync('mmdebstrap', ['--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', fresh], {
    stdio: 'ignore',
  });
  renameSync(fresh, cached);
}
