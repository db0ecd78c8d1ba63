import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionsWith } from './sshd.ts';

/** True where a program is on this machine. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

/** The shells that all types are to be tried with by SSH, which takes its time: `CAIRN_SHELLS=dash,bash,busybox`. */
export const askedShells: readonly string[] = (process.env.CAIRN_SHELLS ?? '').split(',').filter(Boolean);

/** One that differs from this machine's own, which is tried without SSH. */
export const otherShell = hasProgram('busybox') ? 'busybox' : 'dash';

/** A new folder in which `sh` is another shell than this machine's; of busybox everything else that it knows, too. */
export function makeShellFolder(shell: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-sh-'));
  if (shell === 'busybox') execFileSync('busybox', ['--install', '-s', folder]);
  else symlinkSync(pathOf(shell), join(folder, 'sh'));
  return folder;
}

/** Puts the same into a system that lies in a folder. @param place an empty folder of that system */
export function putShell(shell: string, root: string, place: string): void {
  if (shell !== 'busybox') {
    symlinkSync(pathOf(shell), join(root, place, 'sh'));
    return;
  }
  copyFileSync(pathOf(shell), join(root, place, shell));
  execFileSync('chroot', [root, `${place}/${shell}`, '--install', '-s', place]);
}

/** The line of sshd_config by which its sessions find their programs there first. */
export function pathThrough(folder: string): string {
  return sessionsWith(`PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin`);
}

function pathOf(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}
