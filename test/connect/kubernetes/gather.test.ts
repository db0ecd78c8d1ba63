import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { answer, type Flaky, openFlaky } from './flaky-server.ts';

const ref = (i: number): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: `c${i}` });
const refs = (count: number): readonly ObjectRef[] => Array.from({ length: count }, (_, i) => ref(i));
const item = (name: string) => ({ metadata: { name, namespace: 'n', uid: `uid-${name}` }, data: { a: name } });
const page = (names: readonly string[], next?: string) =>
  answer(200, {
    kind: 'ConfigMapList',
    metadata: next === undefined ? {} : { continue: next },
    items: names.map(item),
  });
const missing = answer(404, { message: 'not found', reason: 'NotFound' });

describe('objects of one collection that are asked for together', () => {
  let flaky: Flaky;

  beforeEach(async () => {
    flaky = await openFlaky(missing);
  });
  afterEach(async () => await flaky.close());

  const read = (wanted: readonly ObjectRef[]): Promise<readonly (KubeObject | null)[]> =>
    Promise.all(wanted.map((one) => flaky.cluster.reader.get(one)));
  const paths = (): readonly string[] => flaky.seen.map(({ path }) => path.replace('/api/v1/namespaces/n/', ''));

  it('come by one list, and are what a read of each would say', async () => {
    flaky.next(page(['c0', 'c2', 'theirs']));
    const found = await read(refs(10));
    expect(paths()).toEqual(['configmaps?limit=20']);
    expect(found.map((one) => one?.metadata.name ?? null)).toEqual(['c0', null, 'c2', ...Array(7).fill(null)]);
    expect(found[0]).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', ...item('c0') });
  });

  it('are read one by one when they are few', async () => {
    await read(refs(3));
    expect(paths()).toEqual(['configmaps/c0', 'configmaps/c1', 'configmaps/c2']);
  });

  it('are read one by one where the list is full of others', async () => {
    const others = Array.from({ length: 18 }, (_, i) => `a${i}`);
    flaky.next(page([...others, 'c0', 'c1'], 'more'));
    const found = await read(refs(10));
    expect(paths().toSorted()).toEqual(
      [
        'configmaps?limit=20',
        ...refs(10)
          .slice(2)
          .map(({ name }) => `configmaps/${name}`),
      ].toSorted(),
    );
    expect(found.filter((one) => one !== null)).toHaveLength(2);
  });

  it('come in pages when they are many', async () => {
    const names = refs(600).map(({ name }) => name);
    flaky.next(page(names.slice(0, 500), 'more'), page(names.slice(500)));
    expect((await read(refs(600))).every((one) => one !== null)).toBe(true);
    expect(paths()).toEqual(['configmaps?limit=500', 'configmaps?limit=500&continue=more']);
  });

  it('are read one by one, and never listed again, where listing is not allowed', async () => {
    flaky.next(answer(403, { message: 'configmaps is forbidden: User "x" cannot list resource', reason: 'Forbidden' }));
    await read(refs(10));
    await read(refs(10));
    const lists = paths().filter((path) => path.includes('limit='));
    expect(lists).toHaveLength(1);
    expect(paths()).toHaveLength(21);
  });
});
