import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { worlds } from './worlds.ts';

for (const [where, open] of Object.entries(worlds)) {
  it(`a copy that was kept is put back, or dropped, on ${where}`, async () => {
    const world = await open();
    const path = `${world.folder}/large`;
    const sha256 = createHash('sha256').update('was').digest('hex');
    const owned = { mode: '0644', owner: 'root', group: 'root' } as const;
    const does = (...operations: Parameters<typeof world.writer.change>[0]['operations'][number][]) =>
      world.writer.change({ guards: [], operations, readBack: [{ ask: 'sha256', path }] });
    await world.put('large', 'was');
    const keep = { do: 'keep-copy', path, sha256 } as const;
    const put = { do: 'put-copy', path, sha256, ...owned } as const;
    await does(keep, { do: 'put-file', path, content: 'is', ...owned });
    expect(await does(put)).toEqual({ is: 'written', answers: [sha256] });
    await does(keep, { do: 'drop-copy', path, sha256 }, { do: 'drop-copy', path, sha256 });
    await expect(does(put)).rejects.toThrow(/the copy that was kept of .* is gone/);
    await world.close();
  });
}
