import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '../model/journal.ts';

/** This process as the holder of a lock. */
export function thisProcess(run: string, doing: string): Holder {
  return { run, host: hostname(), bootId: bootId(), pid: process.pid, started: startOf(process.pid) ?? '', doing };
}

/** `dead` only where that is certain: another boot of this machine, no such process, or another process under its number. */
export function stateOf(holder: Holder): 'alive' | 'dead' | 'elsewhere' {
  if (holder.host !== hostname()) return 'elsewhere';
  if (holder.bootId !== bootId()) return 'dead';
  return startOf(holder.pid) === holder.started ? 'alive' : 'dead';
}

function bootId(): string {
  return readOr('/proc/sys/kernel/random/boot_id', 'unknown').trim();
}

// Field 22 of /proc/PID/stat, after the name in parentheses, which may hold anything.
function startOf(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
