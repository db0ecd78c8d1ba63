import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../../src/connect/fake/host.ts';
import { restore, step } from '../../src/model/step.ts';
import { command } from '../../src/resources/host/command.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const files = step({
  summary: 'Files and a command',
  on: 'hosts',
  undo: restore,
  resources: () => ({
    folder: directory({ path: '/srv' }),
    file: rootFile('/srv/file', 'new\n'),
    built: command({ id: 'build', creates: '/srv/built', argv: ['build'], undo: ['clear'] }),
  }),
});

function world(): World & { readonly builds: () => number } {
  const made = new World({ 'demo/10_files': files });
  let builds = 0;
  const put = (host: FakeHost): undefined => {
    builds += 1;
    host.files.set('/srv/built', {
      kind: 'file',
      content: Buffer.from('b'),
      mode: '0644',
      owner: 'root',
      group: 'root',
    });
  };
  made.host.commands.push(
    { argv: ['build'], run: (_, host) => put(host) },
    { argv: ['clear'], run: (_, host) => void host.files.remove('/srv/built') },
  );
  return Object.assign(made, { builds: () => builds });
}

describe('a connection that breaks in the middle of a write', () => {
  it.each([
    ['directory', 1],
    ['file', 2],
    ['command', 3],
  ])('of a %s before anything was done: it is read, and done again', async (_, at) => {
    const one = world();
    one.host.cut = { at, after: 0, silent: 2 };
    expect(await one.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 3 } }] });
    expect(one.builds()).toBe(1);
    expect(await one.pending()).toEqual([]);
  });

  it.each([
    ['directory', 1],
    ['file', 2],
    ['command', 3],
  ])('of a %s after it was done: it is read, and not repeated', async (_, at) => {
    const one = world();
    one.host.cut = { at, after: 1, silent: 2 };
    expect(await one.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 3 } }] });
    expect([one.host.changes, one.builds()]).toEqual([3, 1]);
    expect(await one.pending()).toEqual([]);
  });

  it('and never comes back is no success: the run says that it does not know', async () => {
    const one = world();
    one.host.cut = { at: 2, after: 1, silent: Number.POSITIVE_INFINITY };
    const { code, failure } = await one.up();
    expect([code, failure?.causes[0]?.code]).toEqual([1, 'outcome-unknown']);
    expect(failure?.causes[0]?.summary).toContain('file /srv/file');
  });

  it.each([0, 1])('while something is taken back, after %i operations: undo goes on to the end', async (after) => {
    const one = world();
    const before = one.snapshot();
    await one.up();
    one.host.cut = { at: 4, after, silent: 2 };
    expect(await one.undo()).toMatchObject({ code: 0 });
    expect(one.snapshot()).toEqual(before);
  });
});
