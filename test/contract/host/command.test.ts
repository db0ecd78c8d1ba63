import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalHost } from '../../../src/connect/local/host.ts';
import type { CairnError } from '../../../src/model/diagnostic.ts';
import type { RunSpec } from '../../../src/model/host.ts';
import { Secret } from '../../../src/model/secret.ts';
import { command } from '../../../src/resources/host/command.ts';
import { folderOf } from '../../rig/folder.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { worlds as everyWorld, type HostWorld, isRoot, openFake } from './worlds.ts';

const canary = 'canary-19fd24aa-of-the-command';
const empty = { kind: 'file', content: new Uint8Array(), mode: '0644', owner: 'root', group: 'root' } as const;

function pathIn({ cwd, argv }: RunSpec, index: number): string {
  return `${cwd}/${argv[index]}`;
}

async function openWithPrograms(): Promise<HostWorld> {
  const world = await openFake();
  const isThere = (spec: RunSpec, index: number): boolean => world.host.files.get(pathIn(spec, index)) !== undefined;
  world.host.commands.push(
    { argv: ['touch'], run: (spec, { files }) => void files.set(pathIn(spec, 1), empty) },
    { argv: ['rm'], run: (spec, { files }) => void files.remove(pathIn(spec, 1)) },
    { argv: ['test', '-e'], run: (spec) => ({ status: isThere(spec, 2) ? 0 : 1 }) },
    { argv: ['test', '!', '-e'], run: (spec) => ({ status: isThere(spec, 3) ? 1 : 0 }) },
  );
  return world;
}

const worlds = { ...everyWorld, 'a fake host': openWithPrograms };

const probes = {
  creates: (folder: string) => ({ creates: `${folder}/stamp` }),
  unless: () => ({ unless: ['test', '-e', 'stamp'] as const }),
  onlyIf: () => ({ onlyIf: ['test', '!', '-e', 'stamp'] as const }),
} as const;

for (const [where, open] of Object.entries(worlds)) {
  for (const [probe, see] of Object.entries(probes)) {
    contractSuite({
      name: `command with ${probe} on ${where}`,
      type: typeOf(command),
      open,
      id: ({ folder }) => ({ id: 'stamp', cwd: folder, undo: ['rm', 'stamp'] as const, ...see(folder) }),
      want: { argv: ['touch', 'stamp'] },
      drifts: {},
      snapshot: async (world) => world.tree(),
      secret: {
        want: { argv: ['touch', 'stamp'], env: { PASSWORD: new Secret(canary) }, stdin: new Secret(canary) },
        canary,
      },
    });
  }
}

const type = typeOf(command);

describe.runIf(isRoot)('a command on this machine', () => {
  it('prints its lines while it runs', async () => {
    const lines: string[] = [];
    const heard = join(folderOf('lines'), 'heard');
    await (await openLocalHost()).change({
      guards: [],
      operations: [
        { do: 'run', argv: ['sh', '-c', `echo one; until [ -e ${heard} ]; do sleep 0.05; done; echo two >&2`] },
      ],
      readBack: [],
      onLine: (line) => {
        lines.push(line);
        writeFileSync(heard, '');
      },
    });
    expect(lines).toEqual(['one', 'two']);
  });

  it('fails with the last lines that it printed', async () => {
    const host = await openLocalHost();
    const id = { id: 'broken', creates: '/nowhere/at/all' };
    const want = { argv: ['sh', '-c', 'seq 100; echo no such disk >&2; exit 7'] as const };
    const error: unknown = await type
      .write({ id, want, live: null, options: {} }, host)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'operation-failed', message: 'could not run sh: status 7' });
    expect((error as CairnError).diagnostics[0]?.detail).toContain('no such disk');
  });

  it('that leaves no effect behind is an error', async () => {
    const id = { id: 'vain', creates: '/nowhere/at/all' };
    const run = type.write({ id, want: { argv: ['true'] }, live: null, options: {} }, await openLocalHost());
    await expect(run).rejects.toMatchObject({ code: 'no-effect' });
  });

  it('whose probe does not end is unreadable', async () => {
    const id = { id: 'slow', unless: ['sleep', '60'], probeTimeout: 1 } as const;
    expect(await type.read(id, await openLocalHost())).toMatchObject({ is: 'unreadable' });
  });

  it('whose probe is a program that is not there yet has not been done', async () => {
    const id = { id: 'early', unless: ['no-such-program-at-all'] } as const;
    expect(await type.read(id, await openLocalHost())).toEqual({ is: 'absent' });
  });

  it('without a probe is refused when its address is asked for', () => {
    expect(() => type.address({ id: 'blind' })).toThrow(/how to see that it has been done/);
  });

  it('without an undo says so when it is taken back', async () => {
    const id = { id: 'oneway', creates: '/etc/passwd' };
    await expect(type.restore({ id, before: null, live: { done: true } }, await openLocalHost())).rejects.toMatchObject(
      {
        code: 'no-way-back',
      },
    );
  });
});
