import { describe, expect, it } from 'vitest';
import type { HostChange, PathState, Turn } from '../../../src/model/host.ts';
import { type HostWorld, worlds } from './worlds.ts';

describe.each(Object.entries(worlds))('several changes in turn on %s', (_, open) => {
  const within = async (work: (world: HostWorld, put: (name: string) => HostChange) => Promise<void>) => {
    const world = await open();
    try {
      await work(world, (name) => writing(`${world.folder}/${name}`));
    } finally {
      await world.close();
    }
  };

  it('are all carried out, in order, and each is answered', async () => {
    await within(async ({ writer, folder }, put) => {
      const again: HostChange = {
        ...put('a'),
        guards: [{ question: { ask: 'stat', path: `${folder}/a` }, expected: file }],
      };
      const turns = await Promise.all(writer.changeInTurn([put('a'), again, put('b')]));
      expect(turns).toEqual(Array(3).fill({ is: 'written', answers: [file] }));
    });
  });

  it('end at one that finds something else than it expects, and nothing after it begins', async () => {
    await within(async ({ writer, reader, folder }, put) => {
      const turns = await Promise.all(writer.changeInTurn([put('a'), put('a'), put('b')]));
      expect(turns.map(({ is }) => is)).toEqual(['written', 'moved', 'not-begun']);
      expect(await reader.ask({ ask: 'stat', path: `${folder}/b` })).toBeNull();
    });
  });

  it('end at one that fails, and nothing after it begins', async () => {
    await within(async ({ writer, reader, folder }, put) => {
      const failing: HostChange = {
        ...put('a'),
        operations: [{ do: 'set-attributes', path: `${folder}/none`, mode: '0600' }],
      };
      const turns = await Promise.allSettled(writer.changeInTurn([put('a'), { ...failing, guards: [] }, put('b')]));
      expect(turns.map((turn) => (turn.status === 'fulfilled' ? turn.value.is : turn.reason.code))).toEqual([
        'written',
        'operation-failed',
        'not-begun',
      ]);
      expect(await reader.ask({ ask: 'stat', path: `${folder}/b` })).toBeNull();
    });
  });

  it('end where somebody asks for it, between two of them', async () => {
    await within(async ({ writer, folder, reader }, put) => {
      const stop = new AbortController();
      const many = Array.from({ length: 500 }, (__, i) => put(`f${i}`));
      const [first, ...rest] = writer.changeInTurn(many, stop.signal);
      await first;
      stop.abort();
      const turns: readonly Turn[] = await Promise.all(rest);
      const done = turns.filter(({ is }) => is === 'written').length;
      expect(turns.map(({ is }) => is)).toEqual([
        ...Array(done).fill('written'),
        ...Array(many.length - 1 - done).fill('not-begun'),
      ]);
      expect(done).toBeLessThan(many.length - 1);
      expect((await reader.ask({ ask: 'list', path: folder }))?.length).toBe(done + 1);
      expect(
        (await reader.ask({ ask: 'list', path: '/tmp' }))?.filter((name) => name.startsWith('.cairn-stop')),
      ).toEqual([]);
    });
  });
});

const file: PathState = { kind: 'file', mode: '0644', owner: 'root', group: 'root', size: 5 };

function writing(path: string): HostChange {
  return {
    guards: [{ question: { ask: 'stat', path }, expected: null }],
    operations: [{ do: 'put-file', path, content: 'text\n', mode: '0644', owner: 'root', group: 'root' }],
    readBack: [{ ask: 'stat', path }],
  };
}
