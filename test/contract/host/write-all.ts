import type { AnyHandle } from '../../../src/model/resource.ts';
import type { AnyHostType } from './content/there.ts';
import type { HostWorld } from './worlds.ts';

/** Writes what a bundle became, in order; what comes back undoes it. */
export async function writeAll(parts: readonly AnyHandle[], world: HostWorld): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = [];
  for (const part of parts) {
    const { id, want } = part;
    const type = part.type as unknown as AnyHostType;
    const found = await type.read(id, world.reader);
    const before = found.is === 'present' ? found.live : null;
    const written = await type.write({ id, want, live: before, options: {} }, world.writer);
    if (written.is === 'moved') throw new Error('it moved');
    undo.unshift(async () => await type.restore({ id, before, live: written.live }, world.writer));
  }
  return async () => {
    for (const back of undo) await back();
  };
}
