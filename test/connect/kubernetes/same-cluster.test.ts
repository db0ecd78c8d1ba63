import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/connect/kubernetes/open.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { Commands } from '../../rig/faults/commands.ts';
import { shop } from '../../rig/faults/project.ts';
import { shopName } from '../../rig/faults/scenario.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { openSwitch, type Switch, welcome } from '../../rig/switch.ts';

const why = whyNoApiServer();
const protocols = ['h2', 'http/1.1'] as const;
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'kube-root-ca.crt' };

describe.skipIf(why !== null)(why ?? 'an address behind which another cluster stands all at once', () => {
  let [meant, other]: readonly ApiServer[] = [];
  let uids: readonly string[] = [];

  beforeAll(async () => {
    const rigs = await Promise.all([startApiServer(), startApiServer()]);
    [meant, other] = rigs;
    await Promise.all(rigs.map(welcome));
    uids = await Promise.all(
      rigs.map((rig) => rig.kubectl(['get', 'ns', 'kube-system', '-o', 'jsonpath={.metadata.uid}'])),
    );
  }, 2 * rigTimeout);
  afterAll(async () => await Promise.all([meant?.stop(), other?.stop()]));

  async function open(protocol: (typeof protocols)[number]): Promise<Switch> {
    if (!meant || !other) throw new Error('no rig');
    return openSwitch(meant, other, protocol);
  }

  /** What reached the other one, but for the question who it is. */
  async function reached(): Promise<readonly string[]> {
    const sent = ((await other?.audit()) ?? []).filter(({ userAgent }) => userAgent === 'cairn');
    return sent
      .map(({ verb, requestURI }) => `${verb} ${requestURI}`)
      .filter((line) => !line.endsWith('/namespaces/kube-system'));
  }

  it.each(protocols)('is neither read nor written over %s, and named', async (protocol) => {
    const way = await open(protocol);
    const { reader, writer, close } = await openCluster(way);
    try {
      expect(await reader.identity()).toBe(uids[0]);
      expect(await reader.get(ref).then(() => 'read')).toBe('read');
      way.after(1);
      const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'stray' } };
      const works = [writer.create(made), writer.apply(made), reader.get(ref), reader.identity()];
      const detail = [expect.stringContaining(uids[0] ?? ''), expect.stringContaining(uids[1] ?? '')];
      for (const result of await Promise.allSettled(works))
        expect(result).toMatchObject({ reason: { diagnostics: [{ code: 'wrong-cluster', detail }] } });
      expect(await reached()).toEqual([]);
    } finally {
      close();
      await way.close();
    }
  });

  it.each(protocols)(
    'is asked once for each new connection over %s, and the same cluster goes on',
    async (protocol) => {
      const way = await open(protocol);
      const { reader, close } = await openCluster(way);
      try {
        await reader.identity();
        await reader.get(ref);
        const asked = async (): Promise<number> =>
          ((await meant?.audit()) ?? []).filter(({ requestURI }) => requestURI.endsWith('/namespaces/kube-system'))
            .length;
        const before = await asked();
        way.after(Number.POSITIVE_INFINITY);
        await new Promise((resolve) => setTimeout(resolve, 50));
        for (let i = 0; i < 3; i += 1) await reader.get(ref);
        expect((await asked()) - before).toBe(1);
      } finally {
        close();
        await way.close();
      }
    },
  );

  it.each(protocols)(
    'meets no write of a run, wherever in it the connection breaks over %s',
    async (protocol) => {
      let ends = 0;
      for (const bytes of [1500, 4000, 8000, 14_000]) {
        const way = await open(protocol);
        const name = shopName(bytes + protocol.length);
        const commands = new Commands(way, name);
        way.after(bytes);
        const { code, causes } = await commands.up(shop(name), 'r1');
        if (way.isSwitched) {
          expect({ bytes, code }).toEqual({ bytes, code: 1 });
          expect(causes.map((cause) => cause.code)).toContain('wrong-cluster');
          ends += 1;
        }
        await way.close();
      }
      expect(ends).toBeGreaterThan(2);
      expect(await reached()).toEqual([]);
    },
    120_000,
  );
});
