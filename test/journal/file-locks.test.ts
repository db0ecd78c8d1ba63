import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FileLocks } from '../../src/journal/file-locks.ts';
import { thisProcess } from '../../src/journal/holder.ts';
import { temporaryFolder } from './rig.ts';

const me = thisProcess('aa', 'cairn up playbooks/one.yaml');
const run = promisify(execFile);

function locksIn(folder = join(temporaryFolder(), 'lock')): FileLocks {
  return new FileLocks(folder, 'box');
}

describe('the lock of a host', () => {
  it('is held by one, who is named to the others with what it does, since when, and its pid', async () => {
    const locks = locksIn();
    const lock = await locks.acquire(me);
    await expect(locks.acquire({ ...me, run: 'bb' })).rejects.toMatchObject({
      code: 'locked',
      message: 'box is locked by run aa',
      diagnostics: [
        { detail: [expect.stringMatching(`cairn up playbooks/one.yaml  .pid ${process.pid} on .*, since just now`)] },
      ],
    });
    await lock.check();
    await lock.release();
    await (await locks.acquire({ ...me, run: 'bb' })).release();
  });

  it('lost in thousands of races is never held by two', async () => {
    const folder = temporaryFolder();
    const script = fileURLToPath(new URL('lock-loop.ts', import.meta.url));
    const races = 1500;
    const ends = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, [script, folder, String(races)])),
    );
    const counts = ends.map(({ stdout }) => JSON.parse(stdout) as { won: number; refused: number });
    for (const { won, refused } of counts) expect(won + refused).toBe(races);
    expect(counts.reduce((sum, { won }) => sum + won, 0)).toBeGreaterThan(0);
    expect(counts.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'lock'))).toHaveLength(1);
  });

  it('of a killed process is taken at once', async () => {
    const folder = join(temporaryFolder(), 'lock');
    const child = spawn(process.execPath, [fileURLToPath(new URL('lock-hold.ts', import.meta.url)), folder]);
    await once(child.stdout, 'data');
    await expect(locksIn(folder).acquire(me)).rejects.toMatchObject({ code: 'locked' });
    child.kill('SIGKILL');
    await once(child, 'close');
    const lock = await locksIn(folder).acquire(me);
    await lock.check();
    await lock.release();
  });

  it('of a process whose pid another one got since is taken at once', async () => {
    const locks = locksIn();
    await locks.acquire({ ...me, started: '1' });
    await (await locks.acquire(me)).check();
  });

  it('of an earlier boot is taken at once', async () => {
    const locks = locksIn();
    await locks.acquire({ ...me, bootId: '0/1' });
    await (await locks.acquire(me)).check();
  });

  it('of another machine or container is left alone, since its pids say nothing here', async () => {
    const [boot = ''] = me.bootId.split('/');
    for (const other of [{ host: 'other' }, { bootId: `${boot}/1` }]) {
      const locks = locksIn();
      await locks.acquire({ ...me, ...other, pid: 1, started: '1' });
      await expect(locks.acquire(me)).rejects.toMatchObject({ code: 'locked' });
    }
  });

  it('that somebody took over is noticed by its former holder, who then gives nothing back', async () => {
    const locks = locksIn();
    const old = await locks.acquire({ ...me, started: '1' });
    const lock = await locks.acquire(me);
    await expect(old.check()).rejects.toMatchObject({ code: 'lock-lost' });
    await old.release();
    await lock.check();
    await expect(locks.acquire(me)).rejects.toMatchObject({ code: 'locked' });
  });

  it('that a power cut left empty is free', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '7'), '');
    await (await locksIn(folder).acquire(me)).check();
  });
});
