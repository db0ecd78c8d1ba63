import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../src/connect/kubernetes/open.ts';
import { changesMachine, kubeconfig, reason } from '../e2e/rig.ts';
import { causeOf, causes } from './causes.ts';

/** Seconds until a cause must be named. */
const patience = 15;

describe.skipIf(!changesMachine || !existsSync(kubeconfig))(`causes on the kind cluster${reason}`, () => {
  let cluster: OpenCluster;
  let namespace: string;

  beforeAll(async () => {
    cluster = await openCluster({ kubeconfig, context: 'kind-cairn' });
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    namespace = `ready-${randomBytes(4).toString('hex')}`;
    await cluster.writer.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  afterEach(async () => {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    const now = await cluster.reader.get(ref);
    await cluster.writer.remove(ref, now?.metadata.uid ?? '');
  });

  it.each(causes.map((cause) => [cause.it, cause] as const))('%s is named within 15 s', async (_, cause) => {
    if (cause.quota) {
      const metadata = { name: 'none', namespace };
      await cluster.writer.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: cause.quota });
    }
    const { why, seconds } = await causeOf(cause, { writer: cluster.writer, namespace });
    console.log(`${cause.it}: ${seconds.toFixed(1)} s: ${why?.summary}`);
    expect(why).toMatchObject({ code: cause.code, summary: expect.stringContaining(cause.says) });
    expect(seconds).toBeLessThan(patience);
  });
});
