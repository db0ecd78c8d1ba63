import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True where a program is on this machine. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

/** A new folder in which `sh` is another shell than this machine's; of busybox everything else that it knows, too. */
export function makeShellFolder(shell: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-sh-'));
  if (shell === 'busybox') execFileSync('busybox', ['--install', '-s', folder]);
  else symlinkSync(execFileSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).trim(), join(folder, 'sh'));
  return folder;
}

/** The line of sshd_config by which its sessions find their programs there first. */
export function pathThrough(folder: string): string {
  return `SetEnv PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin`;
}
