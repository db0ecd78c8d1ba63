import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cairn, changesMachine, kubectl, reason, root } from '../e2e/rig.ts';

const devpi = 'playbooks/devpi.yaml';
const consent = [
  '--yes',
  '--allow-data-loss',
  'PersistentVolumeClaim/devpi/devpi-data-pvc',
  '--allow-data-loss',
  'Namespace/devpi',
];
/** Seconds after the start of an install at which it is killed. */
const instants = [0.9, 1.6, 3, 5, 8, 12];

interface Row {
  readonly at: number;
  readonly run: string;
  readonly converged: boolean;
  readonly unchanged: boolean;
  readonly nothingLeft: boolean;
}

async function killedUp(seconds: number): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'bin', 'cairn.mjs'), 'up', devpi, '--json', '--no-verify'], {
    cwd: root,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await Promise.race([setTimeout(seconds * 1000), ended]);
  child.kill('SIGKILL');
  await ended;
  return /"run":"([0-9a-f]+)"/.exec(said)?.[1] ?? '';
}

describe.skipIf(!changesMachine)(`kill -9 of an install over the real cluster${reason}`, () => {
  const rows: Row[] = [];

  it.each(instants)('after %s s: it goes on, and undo from there leaves nothing', async (at) => {
    const cleaned = await cairn('undo', devpi, ...consent);
    expect(cleaned.code, cleaned.said).toBe(0);
    const run = await killedUp(at);
    expect(run).not.toBe('');
    const known = (await cairn('history')).stdout.includes(run);
    const resumed = known ? await cairn('up', '--run', run, '--no-verify') : await cairn('up', devpi, '--no-verify');
    expect(resumed.code, resumed.said).toBe(0);
    const plan = await cairn('plan', devpi, '--exit-code');
    const undone = await cairn('undo', devpi, ...consent);
    expect(undone.code, undone.said).toBe(0);
    const namespace = await kubectl('get', 'namespace', 'devpi');
    const left = await kubectl(
      'get',
      'clusterrole,clusterrolebinding,persistentvolume',
      '-l',
      'cairn.dev/owner',
      '-o',
      'name',
    );
    const nothingLeft = namespace.code !== 0 && !left.stdout.includes('devpi');
    rows.push({ at, run, converged: resumed.code === 0, unchanged: plan.code === 0, nothingLeft });
    expect({ plan: plan.code, nothingLeft }).toEqual({ plan: 0, nothingLeft: true });
  });

  it('writes its table', () => {
    const lines = rows.map(
      ({ at, run, converged, unchanged, nothingLeft }) =>
        `| ${at} s | ${run} | ${yes(converged)} | ${yes(unchanged)} | ${yes(nothingLeft)} |`,
    );
    const day = new Date().toISOString().slice(0, 10);
    const text = [
      '# kill -9 of an install over a real cluster',
      '',
      `\`npm run proof\`, ${day}: \`cairn up ${devpi}\` killed that long after its start, gone on with by \`cairn up --run\`, then undone.`,
      '',
      '| killed after | run | goes on | then unchanged | undo leaves nothing |',
      '|---|---|---|---|---|',
      ...lines,
      '',
    ];
    writeFileSync(join(root, 'docs', 'proof', 'kill.md'), text.join('\n'));
    expect(rows.length).toBe(instants.length);
  });
});

function yes(claim: boolean): string {
  return claim ? 'yes' : '**no**';
}
