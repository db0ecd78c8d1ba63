import { expect, it } from 'vitest';
import { readOnly } from '../../../src/connect/kubernetes/read-only.ts';
import { RealKubeReader } from '../../../src/connect/kubernetes/reader.ts';
import { RealKubeWriter } from '../../../src/connect/kubernetes/writer.ts';
import type { KubeObject, KubeWriter } from '../../../src/model/kube.ts';
import { answer, openFlaky } from './flaky-server.ts';

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'n', name: 'c' } } as KubeObject;
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'c' };

/** Every way in which a writer changes something. A new method of the writer must say here whether it does. */
const mutating: {
  readonly [M in Exclude<keyof KubeWriter, keyof RealKubeReader>]: (to: KubeWriter) => Promise<unknown>;
} = {
  apply: (to) => to.apply(object),
  create: (to) => to.create(object),
  replace: (to) => to.replace(object),
  remove: (to) => to.remove(ref, 'u'),
  exec: (to) => to.exec({ namespace: 'n', name: 'c' }, ['true']),
};

it('a reader has no method that writes', () => {
  const own = (of: object): readonly string[] =>
    Object.getOwnPropertyNames(of).filter((name) => name !== 'constructor');
  expect(own(RealKubeWriter.prototype).toSorted()).toEqual(Object.keys(mutating).toSorted());
  expect(own(RealKubeReader.prototype).filter((name) => name in mutating)).toEqual([]);
});

it.each(Object.entries(mutating))('the port of a plan refuses to %s, and sends nothing', async (_, write) => {
  const flaky = await openFlaky(answer(200, object));
  await expect(write(readOnly(flaky.cluster.reader))).rejects.toMatchObject({ code: 'read-only' });
  expect(flaky.seen).toEqual([]);
  await flaky.close();
});
