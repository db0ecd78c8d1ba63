import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { passwordFile, root } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import type { Finding, Verdict } from './verdict.ts';

export interface Row {
  readonly broken: Break;
  readonly verdict: Verdict;
  /** Verify named the step that was expected, and ended with 1. */
  readonly isCaught: boolean;
  readonly isCleanAfterwards: boolean;
}

export interface Clean {
  readonly playbook: string;
  readonly verdict: Verdict;
}

/** Writes what was found so far: an interrupted proof leaves what it has. */
export function writeTable(rows: readonly Row[], clean: readonly Clean[], breaks: number): void {
  const folder = join(root, 'docs', 'proof');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'verify.md'), `${textOf(rows, clean, breaks)}\n`);
}

function textOf(rows: readonly Row[], clean: readonly Clean[], breaks: number): string {
  const caught = rows.filter(({ isCaught }) => isCaught);
  const byBehaviour = caught.filter(({ broken, verdict }) => named(broken, verdict, 'behaviour').length > 0);
  const byBehaviourAlone = byBehaviour.filter(({ verdict }) => verdict.findings.every(isBehaviour));
  const healthy = rows.filter(({ isCleanAfterwards }) => isCleanAfterwards).length;
  const alarms = clean.filter(({ verdict }) => verdict.code !== 0).length;
  const rate = rows.length === 0 ? 0 : Math.floor((100 * caught.length) / rows.length);
  return [
    '# Verify tells the truth',
    '',
    `\`npm run proof\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, over the real throw-away cluster; \`test/proof/break.test.ts\` wrote this page.`,
    '',
    `- **${caught.length} of ${rows.length} breaks caught (${rate} %)**, the right step named; ${byBehaviour.length} of them by behaviour, ${byBehaviourAlone.length} by behaviour alone.`,
    `- **${alarms} false alarms in ${clean.length} clean runs** of whole playbooks, and in ${healthy} of ${rows.length} verifications after a repair everything held again.`,
    ...(rows.length < breaks ? [`- Without a row, since the run was stopped: ${breaks - rows.length} breaks.`] : []),
    '',
    '*declared*: the check that what is declared is there and as declared. *behaviour*: the step tried it out. Behaviour is not tried where something is missing.',
    '',
    '| broken | caught by | step | what verify said | repaired by | then clean |',
    '|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
    '## Clean runs',
    '',
    '| playbook | run | checks passed | failed | seconds |',
    '|---|---|---|---|---|',
    ...clean.map(
      ({ playbook, verdict }, index) =>
        `| ${playbook} | ${index + 1} | ${verdict.passed} | ${verdict.findings.length} | ${(verdict.ms / 1000).toFixed(1)} |`,
    ),
  ].join('\n');
}

function lineOf({ broken, verdict, isCaught, isCleanAfterwards }: Row): string {
  const layers = (['declared', 'behaviour'] as const).filter((layer) => named(broken, verdict, layer).length > 0);
  const told = verdict.findings.filter(({ step }) => step === broken.expects);
  const said = ((told.find(isBehaviour) ?? told[0])?.why ?? 'nothing').replaceAll(dirname(passwordFile), 'STATE');
  const cells = [
    broken.name,
    isCaught ? layers.join(', ') : '**not caught**',
    broken.expects,
    said,
    broken.by,
    isCleanAfterwards ? 'yes' : '**no**',
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function named({ expects }: Break, { findings }: Verdict, layer: Finding['layer']): readonly Finding[] {
  return findings.filter((finding) => finding.step === expects && finding.layer === layer);
}

function isBehaviour({ layer }: Finding): boolean {
  return layer === 'behaviour';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 200);
}
