// Reads arguments and environment of every process that wasn't there when it began, as often as it can.
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Sighting } from './process-watch.ts';

const { needles, flag } = workerData as { readonly needles: readonly string[]; readonly flag: SharedArrayBuffer };
const stop = new Int32Array(flag);
const numbers = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const old = new Set(numbers());
const sightings = new Map<string, Sighting>();

function look(pid: string, where: Sighting['where']): void {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/${where}`, 'latin1');
  } catch {
    // It is gone already.
    return;
  }
  for (const needle of needles) {
    if (!text.includes(needle)) continue;
    const words = text.split('\0').filter((word) => word.includes(needle));
    const program = where === 'cmdline' ? text.split('\0')[0] : readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    for (const word of words) sightings.set(`${pid} ${where} ${word}`, { where, word, program: program ?? '' });
  }
}

parentPort?.postMessage('ready');
while (Atomics.load(stop, 0) === 0) {
  for (const pid of numbers()) {
    if (old.has(pid)) continue;
    look(pid, 'cmdline');
    look(pid, 'environ');
  }
  // The rest of the machine has something to do, too.
  Atomics.wait(stop, 0, 0, 0.3);
}
parentPort?.postMessage([...sightings.values()]);
