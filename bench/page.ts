import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', 'docs', 'performance.md');

/** What stands above figures: the machine and the day. @param rounds how often each was measured, for people */
export function machineLine(rounds: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `${cpus().length} cores, ${model}, Node ${process.versions.node}, ${rounds}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Puts a section where the page of figures has the marks of a bench; everything else on the page stays. */
export function writeSection(bench: string, section: string): void {
  const [begin, end] = [`<!-- ${bench}: begin -->`, `<!-- ${bench}: end -->`];
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no marks for ${bench}`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`);
}
