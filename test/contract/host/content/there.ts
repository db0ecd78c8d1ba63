import { expect } from 'vitest';
import type { Planned } from '../../../../src/model/deferred.ts';
import { handleOf, type Resource, type ResourceType } from '../../../../src/model/resource.ts';
import { openFake } from '../worlds.ts';

export type AnyHostType = ResourceType<'host', unknown, unknown, unknown, unknown>;

/** The parts of what a step declares. */
export function partsOf(resource: Resource<unknown>): { type: AnyHostType; id: { path: string }; want: unknown } {
  const { type, id, want } = handleOf(resource);
  return { type: type as unknown as AnyHostType, id: id as { path: string }, want };
}

/** What a write makes of a file's bytes, and what undo makes of that; a second run has nothing to do. In latin1. */
export async function thereAndBack(
  content: Uint8Array | string,
  make: (path: string) => Resource<unknown>,
): Promise<readonly [after: string, back: string]> {
  const { host, folder } = await openFake();
  const path = `${folder}/f`;
  const { type, id, want } = partsOf(make(path));
  const text = (): string => Buffer.from(host.files.content(path) ?? []).toString('latin1');
  host.files.set(path, { kind: 'file', content: Buffer.from(content), mode: '0644', owner: 'root', group: 'root' });
  const found = await type.read(id, host);
  if (found.is === 'unreadable') throw new Error(found.why.summary);
  const before = found.is === 'present' ? found.live : null;
  const written = await type.write({ id, want, live: before, options: {} }, host);
  const after = text();
  if (written.is === 'moved') throw new Error('it moved');
  expect(type.diff(written.live, want as Planned<unknown>).changes).toEqual([]);
  await type.restore({ id, before, live: written.live }, host);
  return [after, text()];
}
