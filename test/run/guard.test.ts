import { describe, expect, it } from 'vitest';
import { CairnError, problem } from '../../src/model/diagnostic.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { compile } from '../../src/plan/compile.ts';
import { command } from '../../src/resources/host/command.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { aptPackage } from '../../src/resources/host/package.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const config = '/etc/ssh/sshd_config';

function guarded(more: Partial<Parameters<typeof step>[0]> = {}): Step {
  return step({
    summary: 'Who gets in',
    on: 'hosts',
    undo: restore,
    guard: { within: '60s', after: ['reload', 'sshd'] },
    resources: () => ({
      folder: directory({ path: '/etc/ssh/more' }),
      config: rootFile(config, 'Port 1\n'),
      reloaded: command({ id: 'reload', creates: '/run/reloaded', argv: ['touch'], undo: ['untouch'] }),
    }),
    ...more,
  } as Parameters<typeof step>[0]);
}

// Nobody gets in anew while the file says Port 1; the host's time is over after so many tries.
function world(one: Step, tries = 3): World & { readonly done: string[] } {
  const made = new World({ 'demo/10_sshd': one });
  const { host } = made;
  const done: string[] = [];
  host.files.makeDirectories('/etc/ssh');
  host.files.makeDirectories('/run');
  const root = { mode: '0600', owner: 'root', group: 'root' } as const;
  host.files.set(config, { kind: 'file', content: Buffer.from('Port 22\n'), ...root });
  const note = (word: string, run: () => void = () => undefined) => ({
    argv: [word],
    run: () => {
      done.push(word);
      run();
      return undefined;
    },
  });
  host.commands.push(
    note('touch', () => host.files.set('/run/reloaded', { kind: 'file', content: Buffer.from(''), ...root })),
    note('untouch', () => host.files.remove('/run/reloaded')),
    note('reload'),
  );
  let tried = 0;
  host.beforeSignIn = () => {
    tried += 1;
    if (tried === tries) host.reverts.timeIsOver();
    if (Buffer.from(host.files.content(config) ?? []).includes('Port 1')) {
      throw new CairnError(problem('host-unreachable', 'nobody listens at port 22'));
    }
  };
  return Object.assign(made, { done });
}

describe('a guarded step', () => {
  it('that locks us out fails, and the host has given itself back what was there, newest first', async () => {
    const one = world(guarded());
    const before = one.snapshot();
    const { code, failure } = await one.up();
    expect(code).toBe(1);
    expect(failure?.causes.map(({ code }) => code)).toEqual(['locked-out', 'given-back']);
    expect(one.done).toEqual(['touch', 'untouch', 'reload']);
    expect(one.snapshot()).toEqual(before);
    expect((await one.journal.entries()).flatMap((entry) => (entry.is === 'guard' ? [entry.what] : []))).toEqual([
      'armed',
      'given-back',
    ]);
    expect(await one.pending()).toEqual([
      'create directory /etc/ssh/more',
      `update file ${config}`,
      'create command reload',
    ]);
    expect(await one.undo()).toMatchObject({ code: 0 });
    expect(one.snapshot()).toEqual(before);
  });

  it('whose host lets us in anew stays, and nothing is left of the guard', async () => {
    const one = world(guarded({ resources: () => ({ config: rootFile(config, 'Port 22\nPort 23\n') }) }));
    expect(await one.up()).toMatchObject({ code: 0 });
    expect((await one.journal.entries()).flatMap((entry) => (entry.is === 'guard' ? [entry.what] : []))).toEqual([
      'armed',
      'kept',
    ]);
    expect(one.host.files.list('/tmp')).toEqual([]);
    expect(await one.pending()).toEqual([]);
  });

  it('whose check fails is given back at once', async () => {
    const one = world(
      guarded({
        resources: () => ({ config: rootFile(config, 'Port 22\nPort 23\n') }),
        verify: async ({ check }) => {
          await check('people get in', () => Promise.reject(new Error('they do not')));
        },
      }),
    );
    const before = one.snapshot();
    const { code, failure } = await one.up();
    expect([code, failure?.causes.map(({ code }) => code).at(-1)]).toEqual([1, 'given-back']);
    expect(one.snapshot()).toEqual(before);
  });

  it('that breaks off half way is given back, too', async () => {
    const one = world(guarded());
    const before = one.snapshot();
    one.host.beforeChange = ({ operations: [first] }) => {
      if (first?.do === 'run') throw new CairnError(problem('operation-failed', 'could not run touch'));
    };
    const { failure } = await one.up();
    expect(failure?.causes.map(({ code }) => code)).toEqual(['operation-failed', 'given-back']);
    expect(one.snapshot()).toEqual(before);
  });

  it('in which nothing changes arms nothing', async () => {
    const one = world(guarded({ resources: () => ({ config: rootFile(config, 'Port 22\n', '0600') }) }));
    expect(await one.up()).toMatchObject({ code: 0 });
    expect(one.host.changes).toBe(0);
  });

  it.each([
    ['what a host cannot take back', () => ({ zstd: aptPackage({ name: 'zstd' }) }), '"zstd" (package zstd)'],
    [
      'a command without undo',
      () => ({ run: command({ id: 'run', creates: '/x', argv: ['true'] }) }),
      '"run" (command run)',
    ],
    ['what is kept', () => ({ file: rootFile('/x', '').keep('it stays') }), '"file" (file /x)'],
  ])('with %s is refused', (_, resources, named) => {
    const { instances } = new World({ 'demo/10_sshd': guarded({ resources }) });
    const [first] = compile({ root: '/', instances }).problems;
    expect([first?.code, first?.summary]).toEqual(['not-guarded', expect.stringContaining(named)]);
  });

  it.each(['soon', '2s', '2h', ''])('within %j is refused', (within) => {
    const { instances } = new World({ 'demo/10_sshd': guarded({ guard: { within } }) });
    expect(compile({ root: '/', instances }).problems.map(({ code }) => code)).toEqual(['not-guarded']);
  });

  it('of a cluster is refused', () => {
    const { instances } = new World({ 'demo/10_sshd': guarded({ on: 'cluster', resources: () => ({}) }) });
    expect(compile({ root: '/', instances }).problems.map(({ code }) => code)).toContain('not-guarded');
  });
});
