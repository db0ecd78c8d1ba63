import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { changesMachine, type Ran, reason, root } from '../e2e/rig.ts';
import { differences, type Snapshot, snapshot } from '../e2e/snapshot.ts';
import { type Boundary, writeUndoPage } from './undo-page.ts';
import { cairnWhenFree, demand } from './wreck.ts';

const name = 'cairn-proof-undo';
const user = `${name}-user`;
const home = `/home/${user}`;

// Always the same: what a proof that was killed left behind is known to the next one.
const inventory = join(tmpdir(), name);

const consent = [`Namespace/${name}`, `PersistentVolumeClaim/${name}/devpi-data-pvc`, `Realm/${name}`].flatMap(
  (address) => ['--allow-data-loss', address],
);

// What pushes to the platform's own repository and registry has one place there, which is taken.
const notBeside = /^devpi\/(55|60|87|88|89)_/;
const steps = readdirSync(join(root, 'steps/devpi'))
  .map((file) => `devpi/${file.replace(/\.ts$/, '')}`)
  .filter((step) => !notBeside.test(step))
  .sort();
const claim = 'devpi/20_storage';
const numberOf = (step: string): string => step.slice(0, step.indexOf('_'));
const devpi = ['playbooks/devpi.yaml', '-i', inventory];
const all = [...devpi, '--only', steps.map(numberOf).join(',')];
const platform = ['playbooks/platform.yaml', '-i', inventory, '--only', 'platform/30,55'];

describe.skipIf(!changesMachine)(`undo over the real system${reason}`, () => {
  const after = new Map<string, Snapshot>();
  const rows: Boundary[] = [];
  let before: Snapshot;

  beforeAll(async () => {
    writeInventory();
    await takeBack();
    execFileSync('useradd', ['-m', '-s', '/bin/bash', user]);
    before = await snapshot(home);
  });

  afterAll(async () => {
    await takeBack();
    rmSync(inventory, { recursive: true });
  });

  it('goes up step by step, and remembers what is there after each', async () => {
    demand(await cairnWhenFree('up', ...platform, '--no-verify', '--yes'));
    for (const step of steps) {
      demand(await cairnWhenFree('up', ...devpi, '--only', numberOf(step), '--no-verify', '--yes'));
      after.set(step, await snapshot(home));
    }
    expect(after.size).toBe(steps.length);
  });

  it.each(steps.toReversed().slice(1))(
    'undo to %s leaves what was there after it, and up makes the rest again',
    async (step) => {
      const first = await undoneTo(step);
      const up = await cairnWhenFree('up', ...all, '--no-verify', '--yes');
      const again = await cairnWhenFree('plan', ...all, '--exit-code');
      const second = await undoneTo(step);
      const differs = [...new Set([...first.differs, ...second.differs])];
      rows.push({ step, differs, isUpAgain: up.code === 0 && again.code === 0, seconds: first.seconds });
      writeUndoPage(rows);
      expect(differs).toEqual([]);
      expect(up.code, up.said).toBe(0);
      expect(again.code, again.said).toBe(0);
    },
  );

  it('undo of everything leaves what was there before', async () => {
    const undone = await takenBack(async () => {
      const last = demand(await cairnWhenFree('undo', ...all, '--yes', ...consent));
      demand(await cairnWhenFree('undo', ...platform, '--yes', ...consent));
      return last;
    }, before);
    rows.push({ step: null, ...undone, isUpAgain: null });
    writeUndoPage(rows);
    expect(undone.differs).toEqual([]);
  });

  function undoneTo(step: string): ReturnType<typeof takenBack> {
    const wanted = after.get(step);
    if (!wanted) throw new Error(`nobody saw what is there after ${step}`);
    const keepsClaim = step >= claim;
    return takenBack(
      async () => demand(await cairnWhenFree('undo', ...all, '--to', step, '--yes', ...consent)),
      wanted,
      (line) => keepsClaim && isBound.test(line),
    );
  }
});

// A claim that stays was bound by whoever used it first, which nobody can take back but with the claim.
const isBound = new RegExp(`^(~ PersistentVolumeClaim/${name}/devpi-data-pvc|\\+ PersistentVolume/.*)$`);

/** What differs from a former state after an undo. */
async function takenBack(
  undo: () => Promise<Ran>,
  wanted: Snapshot,
  isMeant: (line: string) => boolean = () => false,
): Promise<{ readonly differs: readonly string[]; readonly seconds: number }> {
  const { ms } = await undo();
  let differs: readonly string[] = [];
  // A volume goes some time after its claim.
  for (const _ of Array.from({ length: 6 })) {
    differs = differences(wanted, await snapshot(home)).filter((line) => !isMeant(line));
    if (differs.length === 0) break;
    await sleep(5_000);
  }
  return { differs, seconds: ms / 1000 };
}

async function takeBack(): Promise<void> {
  for (const part of [all, platform]) await cairnWhenFree('undo', ...part, '--yes', ...consent);
  if (existsSync(home)) execFileSync('userdel', ['-r', '-f', user], { stdio: 'ignore' });
}

/** An index beside the one that is there: other names, another namespace, another realm, and a journal of its own. */
function writeInventory(): void {
  const hosts = { apiHost: `${name}-api.cairn.localhost`, dashboardHost: `${name}.cairn.localhost` };
  cpSync(join(root, 'inventory/local'), inventory, { recursive: true });
  rmSync(join(inventory, 'journal.yaml'), { force: true });
  const file = join(inventory, 'group_vars/all.yaml');
  const values = parse(readFileSync(file, 'utf8')) as Readonly<Record<string, object>>;
  const alone = { builder: 'none', delivery: 'direct' };
  const own = {
    ...values,
    gateway: { ...values.gateway, hosts: Object.values(hosts) },
    sso: { realm: name },
    devpi: {
      ...values.devpi,
      ...hosts,
      ...alone,
      namespace: name,
      cliUser: user,
      passwordFile: `${home}/devpi-password`,
    },
  };
  writeFileSync(file, JSON.stringify(own));
}
