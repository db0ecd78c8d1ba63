import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPodHost, type PodHost } from '../../../src/connect/kubernetes/pod-host.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import type { Operation } from '../../../src/model/host.ts';
import { startPod, type TestPod, whyNoPod } from '../../rig/pod.ts';

const why = whyNoPod();

describe.skipIf(why !== null)(why ?? 'a pod as a host', () => {
  let pod: TestPod;
  let host: PodHost;
  beforeAll(async () => {
    pod = await startPod();
    host = await openPodHost(pod.way);
  }, 300_000);
  afterAll(async () => {
    await host?.close();
    await pod?.stop();
  });

  const refusal = (opening: Promise<PodHost>) =>
    opening.then(
      () => undefined,
      (error: unknown) => diagnosticsOf(error)[0],
    );

  it('is known by the UID of the pod', async () => {
    expect(host.identity).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes and gives megabytes as they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 2_000_003 }, (_, at) => (at * 7919) % 256));
    const put: Operation = {
      do: 'put-file',
      path: '/tmp/big',
      content: bytes,
      mode: '0600',
      owner: 'root',
      group: 'root',
    };
    const changed = await host.writer.change({ guards: [], operations: [put], readBack: [] });
    expect(changed.is).toBe('written');
    const back = await host.writer.ask({ ask: 'content', path: '/tmp/big', limit: 3_000_000 });
    expect(back && Buffer.compare(Buffer.from(back), bytes)).toBe(0);
  });

  it('answers many at once, programs among them', async () => {
    const asked = Array.from({ length: 12 }, (_, at) => host.writer.ask({ ask: 'run', argv: ['echo', String(at)] }));
    expect((await Promise.all(asked)).map(({ stdout }) => stdout.trim())).toEqual(asked.map((_, at) => String(at)));
  });

  it('ends a program that takes too long, and leaves none behind', async () => {
    const answer = await host.writer.ask({ ask: 'run', argv: ['sleep', '7531'], timeout: 1 });
    expect(answer.timedOut).toBe(true);
    await expect.poll(() => running('7531')).toBe('');
  });

  it('ends what it started when the connection goes', async () => {
    const other = await openPodHost(pod.way);
    const left = other.writer.ask({ ask: 'run', argv: ['sleep', '8642'], timeout: 60 }).catch(() => 'lost');
    await expect.poll(() => running('8642')).not.toBe('');
    await other.close();
    expect(await left).toBe('lost');
    await expect.poll(() => running('8642')).toBe('');
  });

  const running = (mark: string): Promise<string> =>
    pod.sh(`for file in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <"$file" 2>/dev/null | grep '^sleep '"$1"; done; :`, [
      mark,
    ]);

  it('that is not there, or has no such container, is unreachable', async () => {
    expect(await refusal(openPodHost({ ...pod.way, name: 'no-such' }))).toMatchObject({
      code: 'host-unreachable',
      summary: `there is no pod ${pod.way.namespace}/no-such`,
    });
    const problem = await refusal(openPodHost({ ...pod.way, container: 'no-such' }));
    expect(problem).toMatchObject({ code: 'host-unreachable', summary: expect.stringContaining('idle') });
  });
});
