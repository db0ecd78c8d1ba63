import { describe, expect, test } from 'vitest';
import { readCases, stepsWithCases } from './cases/runner/case.ts';
import { runAlone } from './cases/runner/run-case.ts';

const steps = stepsWithCases().filter((id) => id.startsWith('devpi/'));

describe('a step by itself, on a machine that has never seen the journal of those who made what it finds', () => {
  const nothing = { changes: [], verify: undefined, writes: 0, claims: [] };
  const firstRuns = (step: string) =>
    readCases(step).filter(({ fails, after }) => fails === undefined && after === undefined);

  test.each(steps)('%s finds all as it should be, sends no write and claims nothing as its own', async (step) => {
    const one = firstRuns(step).find(({ inventory }) => inventory === undefined);
    if (!one) throw new Error(`test/cases/${step}.yaml has no case of a first run`);
    expect(await runAlone(step, one)).toEqual(nothing);
  });

  const onSite = steps.flatMap((step) => {
    const one = firstRuns(step).find(({ inventory }) => inventory === 'example');
    return one ? [{ step, one }] : [];
  });

  test.each(onSite)('$step does so on a site with services of its own', async ({ step, one }) => {
    expect(await runAlone(step, one)).toEqual(nothing);
  });
});
