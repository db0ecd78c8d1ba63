import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { changesMachine, reason } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import { buildBreaks } from './break-build.ts';
import { deliveredBreaks } from './break-delivered.ts';
import { deliveryBreaks } from './break-delivery.ts';
import { devpiBreaks } from './break-devpi.ts';
import { platformBreaks } from './break-platform.ts';
import { BreakResults } from './break-results.ts';
import { ssoBreaks } from './break-sso.ts';
import { closeUser, openUser, userBreaks } from './break-users.ts';
import { isCaught, rateOf, writeTable } from './table.ts';
import { type Verdict, verdict } from './verdict.ts';
import { admin, up } from './wreck.ts';

const breaks = [
  ...platformBreaks,
  ...deliveryBreaks,
  ...buildBreaks,
  ...deliveredBreaks,
  ...devpiBreaks,
  ...ssoBreaks,
  ...userBreaks,
];
const playbooks = ['playbooks/platform.yaml', 'playbooks/devpi.yaml'];
/** Of all breaks, how many must be caught. */
const promised = 0.9;
/** Before each so many breaks nothing is broken, and verify must have nothing to say. */
const between = 4;
const minutes = Number(process.env.CAIRN_BREAK_MINUTES ?? Number.POSITIVE_INFINITY);

describe.skipIf(!changesMachine)(`verify tells the truth about the real system${reason}`, () => {
  const results = new BreakResults();
  const end = Date.now() + minutes * 60_000;
  const due = results.oldestFirst(breaks);
  let hasUser = false;

  afterAll(async () => {
    if (hasUser) await closeUser();
  });

  function withinTime({ skip }: TestContext): void {
    if (Date.now() > end) skip('the minutes given are over');
  }

  async function runClean(): Promise<void> {
    const playbook = results.longestUnseen(playbooks);
    const found = await verdict(playbook);
    results.addClean(playbook, found);
    writeTable(results, breaks);
    expect(found.code, found.said).toBe(0);
  }

  async function tryBreak(broken: Break): Promise<void> {
    if (userBreaks.includes(broken) && !hasUser) {
      await openUser();
      hasUser = true;
    }
    const { found, repaired } = await whileBroken(broken);
    const afterwards = repaired ?? (await verdict(broken.playbook, broken.only, broken.set));
    const result = results.addBreak(broken, found, afterwards.code === 0);
    writeTable(results, breaks);
    if (afterwards.code !== 0) await whole(hasUser);
    expect({ isCaught: isCaught(result), said: found.said }).toMatchObject({ isCaught: true });
    expect(afterwards.code, afterwards.said).toBe(0);
  }

  for (const [index, broken] of due.entries()) {
    if (index % between === 0)
      it(`has nothing to say while nothing is broken, before break ${index + 1}`, async (context) => {
        withinTime(context);
        await runClean();
      });

    it(broken.name, async (context) => {
      withinTime(context);
      await tryBreak(broken);
    });
  }

  it('has caught what it promises', () => {
    expect(rateOf(breaks.flatMap((one) => results.of(one) ?? []))).toBeGreaterThanOrEqual(promised);
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
async function whole(hasUser: boolean): Promise<void> {
  await admin('delete', 'deployment,service', '-n', 'devpi', '--all');
  for (const playbook of playbooks) await up(playbook);
  if (hasUser) await openUser();
}
