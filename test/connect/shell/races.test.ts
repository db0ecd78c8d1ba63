import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellWriter } from '../../../src/connect/shell/host.ts';
import type { Operation } from '../../../src/model/host.ts';
import { folderOf } from '../../rig/folder.ts';
import { shells } from './shells.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const rounds = 15;

interface Scene {
  /** Belongs to somebody else. */
  readonly folder: string;
  /** Belongs to root, as does the folder it lies in. */
  readonly victim: string;
}

function sceneOf(): Scene {
  const base = folderOf('race');
  chmodSync(base, 0o755);
  const folder = join(base, 'theirs');
  mkdirSync(folder);
  chownSync(folder, nobody, nobody);
  const victim = join(base, 'victim');
  writeFileSync(victim, 'root alone', { mode: 0o600 });
  return { folder, victim };
}

// Not through the link that may stand there already.
function makeAnew(path: string): void {
  try {
    writeFileSync(path, 'theirs', { flag: 'wx' });
  } catch {
    // It was faster.
  }
}

const tried = shells
  .filter((argv) => argv.length === 1 || argv[0] === 'busybox')
  .map((argv) => [argv[0], argv] as const);

async function attacked(scene: Scene, names: readonly string[], work: () => Promise<void>): Promise<number> {
  const program = join(import.meta.dirname, '../../rig/swap-names.ts');
  const attacker: ChildProcess = spawn(process.execPath, [program, scene.folder, scene.victim, ...names], {
    uid: nobody,
    gid: nobody,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  attacker.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await expect.poll(() => said).toContain('ready');
  await work();
  attacker.stdin?.end();
  await once(attacker, 'close');
  return Number(said.replace('ready\n', ''));
}

describe.skipIf(!isRoot).each(tried)('root (%s) in a folder of somebody who swaps names for links', (_, argv) => {
  const host = new ShellWriter(new LocalTransport({ argv }));
  const tries: Readonly<Record<string, (folder: string, round: number) => Operation>> = {
    'writing files': (folder, round) => ({
      do: 'put-file',
      path: join(folder, `file-${round}`),
      content: 'ours',
      mode: '0666',
      owner: 'nobody',
      group: 'nogroup',
    }),
    'making links': (folder, round) => ({ do: 'make-link', path: join(folder, `link-${round}`), target: '/ours' }),
    'making directories': (folder) => ({
      do: 'make-directory',
      path: join(folder, 'made'),
      mode: '0777',
      owner: 'nobody',
      group: 'nogroup',
    }),
    'setting attributes': (folder) => ({
      do: 'set-attributes',
      path: join(folder, 'given'),
      mode: '0666',
      owner: 'nobody',
    }),
  };

  it.each(Object.keys(tries))('touches nothing of others by %s', async (what) => {
    const scene = sceneOf();
    const before = statSync(scene.victim);
    const swapped = await attacked(scene, ['made', 'given'], async () => {
      for (let round = 0; round < rounds; round += 1) {
        rmSync(join(scene.folder, 'made'), { recursive: true, force: true });
        rmSync(join(scene.folder, 'given'), { recursive: true, force: true });
        if (what === 'setting attributes') makeAnew(join(scene.folder, 'given'));
        const operation = tries[what]?.(scene.folder, round);
        if (!operation) throw new Error(what);
        await host.change({ guards: [], operations: [operation], readBack: [] }).catch(() => undefined);
      }
    });
    const { mode, uid, size } = statSync(scene.victim);
    expect({ mode, uid, size, text: readFileSync(scene.victim, 'utf8') }).toEqual({
      mode: before.mode,
      uid: before.uid,
      size: before.size,
      text: 'root alone',
    });
    expect(swapped).toBeGreaterThan(0);
  });
});

describe.skipIf(!isRoot)('temporary files', () => {
  it('have names that differ, are for nobody else, and are gone afterwards, though the check fails', async () => {
    const folder = folderOf('temporary');
    const host = new ShellWriter(new LocalTransport());
    const seen = join(folder, 'seen');
    for (const status of [0, 0, 1]) {
      const validate = ['sh', '-c', `stat -c '%n %a' "$1" >>${seen}; exit ${status}`, 'sh', '%s'] as const;
      const put = { do: 'put-file', path: join(folder, 'file'), content: 'x', mode: '0600', owner: 'root' } as const;
      const operations = [{ ...put, group: 'root', validate: [...validate] as [string, ...string[]] }];
      await host.change({ guards: [], operations, readBack: [] }).catch(() => undefined);
    }
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    expect(new Set(lines).size).toBe(3);
    for (const line of lines) expect(line).toMatch(/\/\.cairn-[0-9a-f]{30} 600$/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'seen']);
  });

  it('are not written where somebody was there before', async () => {
    const folder = folderOf('taken');
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'root alone');
    const host = new ShellWriter(new LocalTransport());
    const found = await host.ask({
      ask: 'run',
      argv: [
        'sh',
        '-c',
        `set -C; ln -s ${victim} ${folder}/link; ( exec 9>${folder}/link ) 2>/dev/null && echo written; :`,
      ],
    });
    expect([found.stdout, readFileSync(victim, 'utf8')]).toEqual(['', 'root alone']);
  });
});
