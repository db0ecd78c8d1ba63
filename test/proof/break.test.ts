import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesMachine, reason } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import { deliveryBreaks } from './break-delivery.ts';
import { devpiBreaks } from './break-devpi.ts';
import { platformBreaks } from './break-platform.ts';
import { ssoBreaks } from './break-sso.ts';
import { closeUser, openUser, userBreaks } from './break-users.ts';
import { type Clean, type Row, writeTable } from './table.ts';
import { type Verdict, verdict } from './verdict.ts';
import { admin, up } from './wreck.ts';

const breaks = [...platformBreaks, ...deliveryBreaks, ...devpiBreaks, ...ssoBreaks, ...userBreaks];
const cleanRuns = Array.from({ length: 10 }, (_, index) => index + 1);
/** Of all breaks, how many must be caught. */
const promised = 0.9;

describe.skipIf(!changesMachine)(`verify tells the truth about the real system${reason}`, () => {
  const rows: Row[] = [];
  const clean: Clean[] = [];

  beforeAll(openUser);
  afterAll(closeUser);

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
    const { found, repaired } = await whileBroken(broken);
    const isCaught = found.code === 1 && found.findings.some(({ step }) => step === broken.expects);
    const afterwards = repaired ?? (await verdict(broken.playbook, broken.only, broken.set));
    rows.push({ broken, verdict: found, isCaught, isCleanAfterwards: afterwards.code === 0 });
    writeTable(rows, clean, breaks.length);
    if (afterwards.code !== 0) await whole();
    expect({ isCaught, said: found.said }).toMatchObject({ isCaught: true });
    expect(afterwards.code, afterwards.said).toBe(0);
  });

  it('catches what it promises', () => {
    expect(rows.length).toBe(breaks.length);
    expect(rows.filter(({ isCaught }) => isCaught).length / rows.length).toBeGreaterThanOrEqual(promised);
  });
});

// A repair that fails is a finding of its own.
async function whileBroken({ playbook, only, set, break: wreck, repair }: Break): Promise<{
  readonly found: Verdict;
  readonly repaired?: { readonly code: number; readonly said: string };
}> {
  await wreck().catch(async (error: unknown) => {
    await repair();
    throw error;
  });
  const found = await verdict(playbook, only, set);
  try {
    await repair();
    return { found };
  } catch (error) {
    return { found, repaired: { code: 1, said: String(error) } };
  }
}

// What follows must find the system whole: what `up` can't take back goes, and comes anew.
async function whole(): Promise<void> {
  await admin('delete', 'deployment,service', '-n', 'devpi', '--all');
  for (const playbook of ['platform', 'devpi']) await up(`playbooks/${playbook}.yaml`);
  await openUser();
}
