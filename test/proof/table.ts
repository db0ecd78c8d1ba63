import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import type { BreakResult, BreakResults, CleanResult } from './break-results.ts';

/** Writes what is known so far: an interrupted proof leaves what it has. */
export function writeTable(results: BreakResults, breaks: readonly Break[]): void {
  results.save(breaks);
  const rows = breaks.flatMap((one) => results.of(one) ?? []);
  writeFileSync(join(root, 'docs', 'proof', 'verify.md'), `${textOf(rows, results.clean, breaks)}\n`);
}

/** Of how many breaks verify said so, and named the step. */
export function rateOf(rows: readonly BreakResult[]): number {
  return rows.length === 0 ? 0 : rows.filter(isCaught).length / rows.length;
}

export function isCaught({ layers }: BreakResult): boolean {
  return layers.length > 0;
}

function textOf(rows: readonly BreakResult[], clean: readonly CleanResult[], breaks: readonly Break[]): string {
  const caught = rows.filter(isCaught);
  const byBehaviour = caught.filter(({ layers }) => layers.includes('behaviour')).length;
  const alone = caught.filter(({ isBehaviourAlone }) => isBehaviourAlone).length;
  const whole = rows.filter(({ isCleanAfterwards }) => isCleanAfterwards).length;
  const alarms = clean.filter(({ code }) => code !== 0).length;
  const times = [...rows, ...clean].map(({ at }) => at).toSorted();
  const untried = breaks.filter(({ name }) => !rows.some((row) => row.name === name)).map(({ name }) => name);
  return [
    '# Verify tells the truth',
    '',
    `Tried by \`npm run proof -- test/proof/break.test.ts\` over the real throw-away cluster, ${spanOf(times)}; the test wrote this page.`,
    'Each row is the newest result of its break, with the commit that was tried.',
    '',
    `- **${caught.length} of ${rows.length} breaks caught (${Math.floor(100 * rateOf(rows))} %)**, the right step named; ${byBehaviour} of them by behaviour, ${alone} by behaviour alone.`,
    `- **${alarms} false alarms in ${clean.length} clean runs** of whole playbooks, and in ${whole} of ${rows.length} verifications after a repair everything held again.`,
    ...(untried.length === 0 ? [] : [`- Written, and not tried yet: ${untried.length}. ${untried.join('; ')}.`]),
    '',
    '*declared*: the check that what is declared is there and as declared. *behaviour*: the step tried it out. Behaviour is not tried where something is missing.',
    'A break is looked for by `cairn verify --only` of its step, and of the step that shows it where that is another one.',
    '',
    '| broken | caught by | step | what verify said | repaired by | then clean | version |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
    '## Clean runs',
    '',
    `The last ${clean.length}, of whole playbooks.`,
    '',
    '| playbook | checks passed | failed | seconds | at (UTC) | version |',
    '|---|---|---|---|---|---|',
    ...clean.map(({ playbook, passed, failed, code, seconds, at, version }) =>
      row([playbook, `${passed}`, `${code === 0 ? failed : `**${failed}**`}`, seconds.toFixed(1), clock(at), version]),
    ),
  ].join('\n');
}

function lineOf(result: BreakResult): string {
  const { name, step, layers, said, repairedBy, isCleanAfterwards, version } = result;
  const caughtBy = isCaught(result) ? layers.join(', ') : '**not caught**';
  return row([name, caughtBy, step, said, repairedBy, isCleanAfterwards ? 'yes' : '**no**', version]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function spanOf(times: readonly string[]): string {
  const [first = '', last = ''] = [times[0], times.at(-1)];
  return first === last ? `${clock(last)} UTC` : `${clock(first)} to ${clock(last)} UTC`;
}

function clock(at: string): string {
  return at.replace('T', ' ');
}
