import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../e2e/rig.ts';
import { versionOf } from './break-results.ts';

/** What came of an undo that stopped at a step. */
export interface Boundary {
  /** Null: of everything. */
  readonly step: string | null;
  /** What is not as it was, by name. */
  readonly differs: readonly string[];
  /** `up` made the rest again, and had nothing to do then; null where it was not asked. */
  readonly isUpAgain: boolean | null;
  /** Of the undo. */
  readonly seconds: number;
}

/** Writes docs/proof/undo.md with what is known so far. */
export function writeUndoPage(rows: readonly Boundary[]): void {
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const same = rows.filter(({ differs }) => differs.length === 0).length;
  const lines = [
    '# Undo gives back what was there',
    '',
    `\`npm run proof -- test/proof/undo.test.ts\`, ${at} UTC, version ${versionOf()}, over the real throw-away cluster; the test wrote this page.`,
    '',
    'A second index is raised beside the first, with a namespace, host names and a realm of its own, step by step. After each step everything is looked at:',
    'all objects of all kinds in the cluster, realms with their clients, scopes, roles, groups and users, every ref of the Git server, every tag of the registry,',
    '`/etc/hosts`, the trust store, the list of packages, and the home of a user who works with the index. Then `cairn undo --to` each step, compared with what was',
    'there after it; `cairn up` makes the rest again; the same undo once more. That a claim which stays is bound by then is left out: whoever used it first did that.',
    '',
    `- **${same} of ${rows.length} undos left exactly what was there before.**`,
    '',
    '| undo to | differs | up again, then nothing to do | seconds |',
    '|---|---|---|---|',
    ...rows.map(
      ({ step, differs, isUpAgain, seconds }) =>
        `| ${step ?? 'before everything'} | ${differs.length === 0 ? 'nothing' : `**${differs.join(', ')}**`} | ${said(isUpAgain)} | ${seconds.toFixed(1)} |`,
    ),
  ];
  writeFileSync(join(root, 'docs', 'proof', 'undo.md'), `${lines.join('\n')}\n`);
}

function said(claim: boolean | null): string {
  if (claim === null) return '';
  return claim ? 'yes' : '**no**';
}
