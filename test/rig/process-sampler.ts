// Reads arguments and environment of every process that descends from this one and wasn't there when it began, as often as it can.
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Sighting, Watch } from './process-watch.ts';

const { needles, flag } = workerData as { readonly needles: readonly string[]; readonly flag: SharedArrayBuffer };
const stop = new Int32Array(flag);
const numbers = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const old = new Set(numbers());
const sightings = new Map<string, Sighting>();
/** Whether a process is one of ours; asked once, since an orphan has another parent later. */
const own = new Map<string, boolean>([[String(process.pid), true]]);
const watched = new Set<string>();

function textOf(pid: string, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    // It is gone already.
    return null;
  }
}

function isOwn(pid: string): boolean {
  const known = own.get(pid);
  if (known !== undefined) return known;
  const stat = textOf(pid, 'stat');
  if (stat === null) return false;
  // The name before it may hold anything.
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '0';
  const answer = parent !== '0' && isOwn(parent);
  own.set(pid, answer);
  return answer;
}

function look(pid: string, where: Sighting['where']): void {
  const text = textOf(pid, where);
  for (const needle of needles) {
    if (!text?.includes(needle)) continue;
    const words = text.split('\0').filter((word) => word.includes(needle));
    const program = where === 'cmdline' ? text.split('\0')[0] : textOf(pid, 'comm')?.trim();
    for (const word of words) sightings.set(`${pid} ${where} ${word}`, { where, word, program: program ?? '' });
  }
}

parentPort?.postMessage('ready');
const began = performance.now();
let rounds = 0;
while (Atomics.load(stop, 0) === 0) {
  for (const pid of numbers()) {
    if (old.has(pid) || !isOwn(pid)) continue;
    watched.add(pid);
    look(pid, 'cmdline');
    look(pid, 'environ');
  }
  rounds += 1;
  // The rest of the machine has something to do, too.
  Atomics.wait(stop, 0, 0, 0.3);
}
const watch: Watch = {
  sightings: [...sightings.values()],
  processes: watched.size,
  rounds,
  ms: performance.now() - began,
};
parentPort?.postMessage(watch);
