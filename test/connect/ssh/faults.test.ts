import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultyWay } from '../../rig/ssh-faults/proxy.ts';
import { packetsOf, tryStrike } from '../../rig/ssh-faults/trial.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();

// A sample; `npm run proof` tries every packet.
describe.skipIf(why !== null)(why ?? 'a fault on the way to a host', () => {
  let server: Sshd;
  let packets: FaultyWay['packets'] | undefined;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(async () => await server.stop());

  it.each([
    ['cut', 'host', 0.5],
    ['cut', 'controller', 0.8],
    ['corrupted', 'host', 0.7],
    ['corrupted', 'controller', 0.3],
    ['stalled', 'host', 0.9],
  ] as const)('%s towards the %s, %s of the way, never becomes success', async (fault, towards, part) => {
    packets ??= await packetsOf(server);
    const byte = Math.floor((packets[towards].at(-1) ?? 0) * part);
    const trial = await tryStrike(server, { fault, towards, byte });
    expect(trial).toMatchObject({ struck: true, wrong: [] });
  });
});
