import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../e2e/rig.ts';
import { whyNoMachines } from '../rig/machine/root.ts';
import { drifts } from '../three-hosts/drift.ts';
import { effectsOf, forgetEffects, goOn, killedUp } from '../three-hosts/killed.ts';
import { namedBy, pendingIn } from '../three-hosts/planned.ts';
import { openSite, playbook, type Site } from '../three-hosts/rig.ts';
import { difference, formOf, processesOf, timesOf } from '../three-hosts/snapshot.ts';
import { hostsPage, type KillRow } from './hosts-page.ts';

const why = whyNoMachines();
/** Parts of a first run's time after which it is killed. */
const instants = Array.from({ length: 22 }, (_, i) => (i + 1) / 23);

describe.skipIf(why !== null)(why ?? 'the example on three hosts', () => {
  let site: Site;
  let before: Forms;
  let made: Forms;
  let processes: Forms;
  let firstMs = 0;
  const rows: KillRow[] = [];
  const once = ['web1 installs 1', 'web1 starts 1', 'web2 installs 1', 'web2 starts 1'];

  beforeAll(async () => {
    site = await openSite();
    before = await site.each(formOf);
  });
  afterAll(async () => await site.stop());

  async function up(): Promise<number> {
    const began = performance.now();
    const { code, said } = await site.cairn('up', playbook, '--yes');
    expect(code, said).toBe(0);
    return performance.now() - began;
  }

  async function undo(): Promise<readonly string[]> {
    const { code, said } = await site.cairn('undo', playbook, '--yes');
    expect(code, said).toBe(0);
    return changed(before, await site.each(formOf));
  }

  it('converges, does nothing the second time, and leaves each inode and time alone', async () => {
    await forgetEffects(site);
    firstMs = await up();
    made = await site.each(formOf);
    processes = await quietProcesses(site);
    const times = await site.each(timesOf);
    const again = await site.cairn('up', playbook, '--yes');
    expect(again.stdout).toMatch(/23 steps: unchanged/);
    expect(changed(times, await site.each(timesOf))).toEqual([]);
    expect(await effectsOf(site)).toEqual(once);
  });

  it('names each of the changes made by hand, and only them, and takes them back', async () => {
    for (const { on, by } of drifts) await site.machines.get(on)?.sh(by);
    expect((await pendingIn(site, playbook)).toSorted()).toEqual(drifts.flatMap(namedBy).toSorted());
    await up();
    expect(changed(made, await site.each(formOf))).toEqual([]);
  });

  it('is taken back to what was there before', async () => {
    expect(await undo()).toEqual([]);
  });

  it.each(instants)('killed after %f of a first run, it goes on, once each, and is taken back', async (part) => {
    await forgetEffects(site);
    const killed = await killedUp(site, part * firstMs);
    const resumed = await goOn(site, killed);
    const left = await leftOver(site, processes);
    const row = {
      part,
      ...killed,
      resumeMs: resumed.ms,
      code: resumed.code,
      end: changed(made, await site.each(formOf)),
      twice: difference(once, await effectsOf(site)),
      left,
      undone: await undo(),
    };
    rows.push(row);
    const { end, twice, undone } = row;
    expect({ code: resumed.code, end, twice, left, undone }, resumed.said).toEqual({
      code: 0,
      end: [],
      twice: [],
      left: [],
      undone: [],
    });
  });

  it('writes its page', () => {
    writeFileSync(join(root, 'docs/proof/hosts.md'), hostsPage({ firstMs, rows, drifts: drifts.length }));
    expect(rows.length).toBe(instants.length);
  });
});

type Forms = readonly (readonly string[])[];

function changed(from: Forms, to: Forms): readonly string[] {
  return from.flatMap((lines, i) => difference(lines, to[i] ?? []));
}

// A session of systemd ends a moment after its connection.
async function quietProcesses(site: Site): Promise<Forms> {
  await setTimeout(500);
  return site.each(processesOf);
}

// A program that a host was at when Cairn was killed ends by itself: nobody is there to stop it.
async function leftOver(site: Site, before: Forms): Promise<readonly string[]> {
  let left = changed(before, await quietProcesses(site));
  for (let second = 0; left.length > 0 && second < 20; second++) {
    await setTimeout(1000);
    left = changed(before, await site.each(processesOf));
  }
  return left;
}
