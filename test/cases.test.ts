import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases, stepsWithCases } from './cases/runner/case.ts';
import { runCase } from './cases/runner/run-case.ts';
import { writtenOut } from './cases/runner/wildcard.ts';
import { sourcesIn } from './structure/sources.ts';

const steps = stepsWithCases();

for (const step of steps) {
  describe(step, () => {
    for (const one of readCases(step)) {
      test(one.it, async () => {
        const result = await runCase(step, one);
        const stays = [...(one.stays ?? [])];
        expect(result).toEqual({
          plan: writtenOut(one.plan, result.plan),
          fails: one.fails,
          surprises: [],
          again: [],
          undoFails: undefined,
          stays: writtenOut(stays, result.stays),
          undoAgain: [],
        });
      });
    }
  });
}

test('every step has cases, or test/cases/README.md says why it has none', () => {
  const readme = readFileSync(join(import.meta.dirname, 'cases/README.md'), 'utf8');
  const ids = sourcesIn('steps').map(({ path }) => path.replace(/^steps\/|\.ts$/g, ''));
  expect(ids.filter((id) => !steps.includes(id) && !readme.includes(`- \`${id}\`: `))).toEqual([]);
  expect(steps.filter((id) => !ids.includes(id))).toEqual([]);
});
