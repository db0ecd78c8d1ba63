import { describe, expect, it } from 'vitest';
import { changesMachine, reason } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import { devpiBreaks } from './break-devpi.ts';
import { platformBreaks } from './break-platform.ts';
import { type Clean, type Row, writeTable } from './table.ts';
import { type Verdict, verdict } from './verdict.ts';

const breaks = [...platformBreaks, ...devpiBreaks];
const cleanRuns = Array.from({ length: 10 }, (_, index) => index + 1);
/** Of all breaks, how many must be caught. */
const promised = 0.9;

describe.skipIf(!changesMachine)(`verify tells the truth about the real system${reason}`, () => {
  const rows: Row[] = [];
  const clean: Clean[] = [];

  async function runClean(playbook: string): Promise<Verdict> {
    const found = await verdict(playbook);
    clean.push({ playbook, verdict: found });
    writeTable(rows, clean, breaks.length);
    return found;
  }

  it('has nothing to say against the platform while nothing is broken', async () => {
    const { code, said } = await runClean('playbooks/platform.yaml');
    expect(code, said).toBe(0);
  });

  it.each(cleanRuns)('has nothing to say while nothing is broken, run %i', async () => {
    const { code, said } = await runClean('playbooks/devpi.yaml');
    expect(code, said).toBe(0);
  });

  it.each(breaks)('$name', async (broken) => {
    const found = await whileBroken(broken);
    const isCaught = found.code === 1 && found.findings.some(({ step }) => step === broken.expects);
    const afterwards = await verdict(broken.playbook, broken.only);
    rows.push({ broken, verdict: found, isCaught, isCleanAfterwards: afterwards.code === 0 });
    writeTable(rows, clean, breaks.length);
    expect({ isCaught, said: found.said }).toMatchObject({ isCaught: true });
    expect(afterwards.code, afterwards.said).toBe(0);
  });

  it('catches what it promises', () => {
    expect(rows.length).toBe(breaks.length);
    expect(rows.filter(({ isCaught }) => isCaught).length / rows.length).toBeGreaterThanOrEqual(promised);
  });
});

// What follows must find the system whole, whatever happens here.
async function whileBroken({ playbook, only, break: wreck, repair }: Break): Promise<Verdict> {
  try {
    await wreck();
    return await verdict(playbook, only);
  } finally {
    await repair();
  }
}
