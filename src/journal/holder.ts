import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '../model/journal.ts';

/**
 * `dead`: certainly gone from this boot of this machine. `rebooted`: a machine of our name, but another boot; `elsewhere`:
 * another machine or container. Of those two only a missing heartbeat tells.
 */
export type HolderState = 'alive' | 'dead' | 'rebooted' | 'elsewhere';

/** This process as the holder of a lock. */
export function thisProcess(run: string, doing: string): Holder {
  const started = processOf(process.pid)?.started ?? '';
  return { run, host: hostname(), bootId: bootId(), pid: process.pid, started, doing };
}

/** What can be said of a holder from here. */
export function stateOf(holder: Holder): HolderState {
  if (holder.host !== hostname()) return 'elsewhere';
  if (holder.bootId !== bootId()) return sameBoot(holder.bootId, bootId()) ? 'elsewhere' : 'rebooted';
  if (!exists(holder.pid)) return 'dead';
  const found = processOf(holder.pid);
  if (!found) return 'alive';
  return found.ended || found.started !== holder.started ? 'dead' : 'alive';
}

// Boot and process namespace: a pid means something only within both.
function bootId(): string {
  const boot = readOr('/proc/sys/kernel/random/boot_id', 'unknown').trim();
  const namespace = /\d+/.exec(linkOr('/proc/self/ns/pid', ''))?.[0] ?? '0';
  return `${boot}/${namespace}`;
}

function sameBoot(one: string, other: string): boolean {
  return one.split('/')[0] === other.split('/')[0];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Undefined where /proc doesn't show it. A zombie has ended, though nobody collected it yet. */
function processOf(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '');
  if (stat === '') return undefined;
  // State and start time are fields 3 and 22 of proc_pid_stat(5), counted after the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function linkOr(file: string, otherwise: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return otherwise;
  }
}
