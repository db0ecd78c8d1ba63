import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { areGivenBack, someWords } from '../connect/shell/quoted.ts';
import { shells } from '../connect/shell/shells.ts';
import { root } from '../e2e/rig.ts';

const [rounds, size] = [40, 2_500];
const rows: string[] = [];

it.each(shells.map((argv) => [argv.join(' '), argv] as const))(
  'a hundred thousand strings through %s',
  (name, argv) => {
    let wrong = 0;
    for (let round = 0; round < rounds; round += 1) {
      fc.configureGlobal({ seed: Number(process.env.CAIRN_SEED ?? 1) + round });
      if (!areGivenBack(argv, someWords(size))) wrong += 1;
    }
    rows.push(`| ${name} | ${rounds * size} | ${wrong} |`);
    expect(wrong).toBe(0);
  },
);

afterAll(() => {
  const page = [
    '# Quoting',
    '',
    `\`npm run proof -- quoting\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; \`test/proof/quoting.test.ts\` wrote this page.`,
    '',
    `Random strings of bytes, quoted, read by a shell and printed again: in ${rounds} scripts each, of which none may print a byte more, less or another.`,
    '',
    '| shell | strings | scripts that printed something else |',
    '|---|---|---|',
    ...rows,
  ];
  mkdirSync(join(root, 'docs/proof'), { recursive: true });
  writeFileSync(join(root, 'docs/proof/quoting.md'), `${page.join('\n')}\n`);
});
