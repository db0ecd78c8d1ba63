import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CairnError } from '../../../src/model/diagnostic.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import { answer, type Flaky, hangUp, openFlaky, type Respond } from './flaky-server.ts';

const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'c' };
const stored = (version: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'n', name: 'c', uid: 'u', resourceVersion: version },
  data: { a: 'b' },
});
const missing = answer(404, { message: 'configmaps "c" not found', reason: 'NotFound' });
const refused = (status: number, message: string) => answer(status, { message, details: {} });

describe('a cluster in trouble', () => {
  let flaky: Flaky;

  beforeEach(async () => {
    flaky = await openFlaky(answer(200, stored('1')));
  });
  afterEach(async () => await flaky.close());

  const methods = (): readonly string[] =>
    flaky.seen.map(({ method, path }) => (path.includes('dryRun') ? `${method} dry` : method));

  it('is left alone for as long as it asks', async () => {
    flaky.next(answer(429, {}, { 'retry-after': '1' }));
    expect((await flaky.cluster.reader.get(ref))?.data).toEqual({ a: 'b' });
    const [first, second] = flaky.seen;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is left alone until the date that it names', async () => {
    flaky.next(answer(503, {}, { 'retry-after': new Date(Date.now() + 2000).toUTCString() }));
    expect((await flaky.cluster.reader.get(ref))?.data).toEqual({ a: 'b' });
    const [first, second] = flaky.seen;
    // Dates have whole seconds.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is not waited for longer than a request may take, and the error says what to do', async () => {
    flaky.next(answer(429, { message: 'too many requests' }, { 'retry-after': '3600' }));
    const error: unknown = await flaky.cluster.reader.get(ref).catch((thrown: unknown) => thrown);
    if (!(error instanceof CairnError)) throw new Error('expected a CairnError');
    expect(error.diagnostics).toMatchObject([
      { code: 'kube-busy', help: expect.stringContaining('run it again later') },
    ]);
    expect(flaky.seen.length).toBe(1);
  });

  it('is not believed when something in between answers in its place', async () => {
    const page = '<html>sign in</html>';
    const html =
      (status: number): Respond =>
      (response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end(page);
    flaky.next(html(200), html(404), html(502));
    expect((await flaky.cluster.reader.get(ref))?.data).toEqual({ a: 'b' });
    flaky.next(html(200), answer(200, stored('2')), answer(200, stored('2')));
    expect((await flaky.cluster.writer.apply(stored('1'))).is).toBe('written');
  });

  it('is listed from the start again when it has forgotten how far a list came', async () => {
    const page = (name: string, next?: string) =>
      answer(200, { metadata: next === undefined ? {} : { continue: next }, items: [{ metadata: { name } }] });
    flaky.next(
      page('a', 'token'),
      refused(410, 'The provided continue parameter is too old'),
      page('a', 'token'),
      page('b'),
    );
    const found = await flaky.cluster.reader.list({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('is sent a write again that it was too busy for', async () => {
    flaky.next(answer(429, {}, { 'retry-after': '0' }), answer(503, {}, { 'retry-after': '0' }));
    expect((await flaky.cluster.writer.apply(stored('1'))).is).toBe('written');
    expect(methods()).toEqual(['PATCH', 'PATCH', 'PATCH']);
  });

  it('is read again when it stumbles or hangs up', async () => {
    flaky.next(refused(500, 'etcdserver: leader changed'), hangUp);
    expect(await flaky.cluster.reader.get(ref)).not.toBeNull();
    expect(methods()).toEqual(['GET', 'GET', 'GET']);
  });

  it('is asked whether a write took effect when the answer got lost, and it had', async () => {
    flaky.next(hangUp, answer(200, stored('2')), answer(200, stored('2')));
    expect(await flaky.cluster.writer.apply(stored('1'))).toMatchObject({ is: 'written', object: stored('2') });
    expect(methods()).toEqual(['PATCH', 'GET', 'PATCH dry']);
  });

  it('is sent a write again whose answer got lost, and that had no effect', async () => {
    flaky.next(hangUp, answer(200, stored('1')), answer(200, stored('2')));
    expect(await flaky.cluster.writer.apply(stored('1'))).toMatchObject({ is: 'written', object: stored('2') });
    expect(methods()).toEqual(['PATCH', 'GET', 'PATCH']);
  });

  it('tells somebody else’s write from ours when the answer got lost', async () => {
    flaky.next(hangUp, answer(200, { ...stored('2'), data: { a: 'theirs' } }), answer(200, stored('2')));
    expect((await flaky.cluster.writer.apply(stored('1'))).is).toBe('conflict');
  });

  it('is not sent a write for ever that it fails at', async () => {
    const failed = refused(500, 'failed calling webhook "x"');
    const same = answer(200, stored('1'));
    flaky.next(failed, same, failed, same, failed, same);
    await expect(flaky.cluster.writer.apply(stored('1'))).rejects.toMatchObject({
      code: 'kube-failed',
      message: expect.stringContaining('failed calling webhook'),
    });
  });

  it('is deleted from once, though the answer got lost', async () => {
    flaky.next(hangUp, missing);
    expect(await flaky.cluster.writer.remove(ref, 'u')).toEqual({ is: 'written', object: null });
    expect(flaky.seen.every(({ body }) => body.includes('"preconditions":{"uid":"u"}'))).toBe(true);
  });

  it('gives its own words, without a stack', async () => {
    flaky.next(refused(403, 'configmaps "c" is forbidden: User "x" cannot get resource'));
    const error: unknown = await flaky.cluster.reader.get(ref).catch((thrown: unknown) => thrown);
    if (!(error instanceof CairnError)) throw new Error('expected a CairnError');
    expect(error.diagnostics).toEqual([
      {
        severity: 'error',
        code: 'kube-forbidden',
        summary: 'reading ConfigMap n/c: configmaps "c" is forbidden: User "x" cannot get resource',
      },
    ]);
  });

  it('says which dry runs can not be had', async () => {
    flaky.next(
      answer(404, { message: 'namespaces "n" not found', details: { kind: 'namespaces' } }),
      refused(400, 'admission webhook "w" does not support dry run'),
      refused(403, 'User "x" cannot patch resource "configmaps"'),
    );
    const tries = [0, 1, 2].map(async () => await flaky.cluster.reader.dryRun(stored('1')));
    const because = [];
    for (const one of tries) {
      const answered = await one;
      because.push(answered.is === 'unavailable' ? answered.because : answered.is);
    }
    expect(because.toSorted()).toEqual(['forbidden', 'no-namespace', 'no-webhook-dry-run']);
  });

  it('names the fields that can not be changed in place', async () => {
    const message =
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' and 'minReadySeconds' are forbidden";
    flaky.next(
      answer(422, { message, details: { causes: [{ reason: 'FieldValueForbidden', field: 'spec', message }] } }),
    );
    expect(await flaky.cluster.reader.dryRun(stored('1'))).toEqual({
      is: 'immutable',
      fields: [{ path: 'spec', except: ['spec.replicas', 'spec.template', 'spec.minReadySeconds'], message }],
    });
  });
});

describe('a cluster that is not there', () => {
  it('is called unreachable within seconds', async () => {
    const flaky = await openFlaky(answer(200, stored('1')));
    await flaky.close();
    await expect(flaky.cluster.reader.identity()).rejects.toMatchObject({ code: 'kube-unreachable' });
  });
});
