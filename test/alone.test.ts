import { describe, expect, test } from 'vitest';
import { readCases, stepsWithCases } from './cases/runner/case.ts';
import { runAlone } from './cases/runner/run-case.ts';

const steps = stepsWithCases().filter((id) => id.startsWith('devpi/'));

describe('a step by itself, on a machine that has never seen the journal of those who made what it finds', () => {
  test.each(steps)('%s finds all as it should be, sends no write and claims nothing as its own', async (step) => {
    const one = readCases(step).find(({ fails, after }) => fails === undefined && after === undefined);
    if (!one) throw new Error(`test/cases/${step}.yaml has no case of a first run`);
    expect(await runAlone(step, one)).toEqual({ changes: [], verify: undefined, writes: 0, claims: [] });
  });
});
