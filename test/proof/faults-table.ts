import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../e2e/rig.ts';
import { faults } from '../rig/faults/faults.ts';
import { isWrite } from '../rig/faults/trials.ts';
import type { Tried } from './faults-results.ts';

export interface FaultRow {
  readonly name: string;
  readonly tried: readonly Tried[];
  /** Different requests of an install, a rerun and an undo. */
  readonly requests: number;
  /** Faults × requests. */
  readonly possible: number;
}

/** Writes `docs/proof/faults.md` with what was tried so far. */
export function writeFaultTable(rows: readonly FaultRow[]): void {
  const folder = join(root, 'docs', 'proof');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'faults.md'), `${textOf(rows)}\n`);
}

function textOf(rows: readonly FaultRow[]): string {
  const all = rows.flatMap(({ tried }) => tried);
  const struck = all.filter(({ trial }) => trial.struck);
  const wrong = all.filter(({ trial }) => trial.wrong.length > 0);
  return [
    '# Faults on the way to an API server',
    '',
    `\`npm run proof -- faults\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, through a proxy with TLS both ways before a real kube-apiserver; \`test/proof/faults.test.ts\` wrote this page.`,
    '',
    `- **${wrong.length} wrong outcomes in ${struck.length} trials.** A trial is an install, a rerun and an undo, one request of which meets one fault.`,
    '- Right is: it converged with the exact end state, or it failed with a cause in words and the same command then converged; no write took effect more often than without the fault, the rerun changed nothing, undo left nothing and gave the adopted object back with its owners, the lock was given back.',
    ...rows.map(coverage),
    '',
    '| fault | trials | of them at writes | converged at once | failed clearly, then converged | wrong |',
    '|---|---|---|---|---|---|',
    ...faults.map(({ name }) => lineOf(name, struck)),
    ...(wrong.length === 0 ? [] : ['', '## Wrong', '', ...wrong.map(wrongLine)]),
  ].join('\n');
}

function coverage({ name, tried, requests, possible }: FaultRow): string {
  const struck = tried.filter(({ trial }) => trial.struck);
  const met = new Set(struck.map(({ strike }) => `${strike.on.key} ${strike.on.nth}`)).size;
  return `- ${name}: ${tried.length} of ${possible} pairs of a fault and a request tried; ${met} of ${requests} requests met one.`;
}

function lineOf(fault: string, struck: FaultRow['tried']): string {
  const own = struck.filter(({ trial }) => trial.fault === fault);
  const bad = own.filter(({ trial }) => trial.wrong.length > 0).length;
  const failed = own.filter(({ trial }) => trial.wrong.length === 0 && trial.failed.length > 0).length;
  const writes = own.filter(({ strike }) => isWrite(strike.on)).length;
  return `| ${fault} | ${own.length} | ${writes} | ${own.length - bad - failed} | ${failed} | ${bad} |`;
}

function wrongLine({ trial, strike }: FaultRow['tried'][number]): string {
  return `- ${trial.fault} at ${strike.on.key}, number ${strike.on.nth}: ${trial.wrong.join('; ').slice(0, 300)}`;
}
