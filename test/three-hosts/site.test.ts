import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoMachines } from '../rig/machine/root.ts';
import { type Drift, drifts } from './drift.ts';
import { namedBy, pendingIn } from './planned.ts';
import { openSite, playbook, type Site, secrets } from './rig.ts';
import { difference, formOf, processesOf, timesOf } from './snapshot.ts';

const why = whyNoMachines();
const patience = 300_000;
/** One host is enough here; all three are proved by `npm run proof`. */
const here = ['--limit', 'web1'];

describe.skipIf(why !== null)(why ?? 'the example on a host with systemd', () => {
  let site: Site;
  let before: readonly string[];
  let processes: readonly string[];
  const all: string[] = [];

  beforeAll(async () => {
    site = await openSite(['web1']);
    [before = []] = await site.each(formOf);
    [processes = []] = await site.each(processesOf);
  }, patience);
  afterAll(async () => await site.stop());

  async function cairn(...words: readonly string[]): Promise<string> {
    const { code, said } = await site.cairn(...words, ...here);
    all.push(said);
    expect(code, said).toBe(0);
    return said;
  }

  it('converges, and is proved by its checks', { timeout: patience }, async () => {
    expect(await cairn('up', playbook, '--yes')).toMatch(/18 steps: .* 1 check passed/);
  });

  it('has nothing to do again: no inode and no time of any file is another', { timeout: patience }, async () => {
    const [made = []] = await site.each(timesOf);
    expect(await cairn('up', playbook, '--yes')).toMatch(/18 steps: unchanged/);
    const [now = []] = await site.each(timesOf);
    expect(difference(made, now)).toEqual([]);
  });

  it('names what somebody changed by hand, and only that, and takes it back', { timeout: patience }, async () => {
    const [made = []] = await site.each(formOf);
    const own = drifts.filter(({ on }: Drift) => on === 'web1');
    await site.each((machine) => machine.sh(own.map(({ by }) => by).join('\n')));
    expect((await pendingIn(site, playbook, ...here)).toSorted()).toEqual(own.flatMap(namedBy).toSorted());
    await cairn('up', playbook, '--yes');
    const [now = []] = await site.each(formOf);
    expect(difference(made, now)).toEqual([]);
  });

  it('is taken back as if it had never been, and nothing runs that did not run before', {
    timeout: patience,
  }, async () => {
    await cairn('undo', playbook, '--yes');
    const [now = []] = await site.each(formOf);
    expect(difference(before, now)).toEqual([]);
    const [left = []] = await site.each(processesOf);
    expect(difference(processes, left)).toEqual([]);
  });

  it('never says a secret', () => {
    for (const secret of Object.values(secrets)) expect(all.join()).not.toContain(secret);
  });
});
