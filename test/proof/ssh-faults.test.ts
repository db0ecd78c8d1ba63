import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../e2e/rig.ts';
import { faults, type Strike } from '../rig/ssh-faults/proxy.ts';
import { packetsOf, type Trial, tryStrike } from '../rig/ssh-faults/trial.ts';
import { type Sshd, startSshd, whyNoSshd } from '../rig/sshd.ts';

const why = whyNoSshd();
/** Trials at once: one whose other end stalls waits a quarter of a minute. */
const lanes = 5;

describe.skipIf(why !== null)(why ?? 'every packet between a run and a host', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
  }, 120_000);
  afterAll(async () => await server.stop());

  it('may be cut, stalled and corrupted, and nothing broken is taken for success', {
    timeout: 3 * 3_600_000,
  }, async () => {
    const packets = await packetsOf(server);
    const strikes = (['host', 'controller'] as const).flatMap((towards) =>
      packets[towards].flatMap((byte) => faults.map((fault): Strike => ({ fault, towards, byte }))),
    );
    const trials: Trial[] = [];
    const left = strikes.values();
    const lane = async (): Promise<void> => {
      for (const strike of left) trials.push(told(await tryStrike(server, strike)));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    write(trials);
    expect(trials.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  });
});

function told(trial: Trial): Trial {
  const { fault, byte, towards } = trial.strike;
  if (trial.wrong.length > 0) console.log(`${fault}, byte ${byte} towards the ${towards}: ${trial.wrong.join('; ')}`);
  return trial;
}

function write(trials: readonly Trial[]): void {
  const folder = join(root, 'docs', 'proof');
  mkdirSync(folder, { recursive: true });
  const struck = trials.filter(({ struck }) => struck);
  const wrong = struck.filter((trial) => trial.wrong.length > 0);
  const rows = faults.flatMap((fault) =>
    (['host', 'controller'] as const).map((towards) => {
      const own = struck.filter(({ strike }) => strike.fault === fault && strike.towards === towards);
      const failed = own.filter((trial) => trial.failed).length;
      const bad = own.filter((trial) => trial.wrong.length > 0).length;
      return `| ${fault} | ${towards} | ${own.length} | ${own.length - failed} | ${failed} | ${bad} |`;
    }),
  );
  const page = [
    '# Faults on the way to a host',
    '',
    `\`npm run proof -- ssh-faults\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, through a proxy before a real sshd; \`test/proof/ssh-faults.test.ts\` wrote this page.`,
    '',
    `- **${wrong.length} wrong outcomes in ${struck.length} trials.** A trial is an install of a directory, two files, a line and a command, one packet of which is cut off, stalls for ever or has a bit flipped; then a rerun and an undo.`,
    '- Right is: it succeeded with the exact end state, or it failed with a cause in words and the same command then went through; no temporary file stayed, the command took effect once, the rerun changed nothing, undo left nothing.',
    '',
    '| the packet was | towards the | trials | succeeded at once | failed clearly, then went through | wrong |',
    '|---|---|---|---|---|---|',
    ...rows,
    ...wrong.map(
      ({ strike, wrong: what }) =>
        `\n- ${strike.fault}, byte ${strike.byte} towards the ${strike.towards}: ${what.join('; ')}`,
    ),
  ];
  writeFileSync(join(folder, 'ssh-faults.md'), `${page.join('\n')}\n`);
}
