import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellWriter } from '../../../src/connect/shell/host.ts';
import type { CairnError } from '../../../src/model/diagnostic.ts';
import type { Become, BecomeMethod } from '../../../src/model/project.ts';
import { Secret } from '../../../src/model/secret.ts';
import { awakeDuring } from '../../rig/awake.ts';
import { type BecomeWorld, openBecomeWorld, whyNoBecomeWorld } from '../../rig/become/world.ts';

const why = whyNoBecomeWorld();
let world: BecomeWorld;

beforeAll(() => {
  if (why === null) world = openBecomeWorld();
});
afterAll(() => world?.close());

function transportOf(user: string, become: Become): LocalTransport {
  return new LocalTransport({ become, before: world.as(user) });
}

async function whoIs(user: string, become: Become): Promise<string> {
  const transport = transportOf(user, become);
  await transport.enter();
  const { stdout } = await new ShellWriter(transport).ask({ ask: 'run', argv: ['id', '-un'] });
  return stdout.trim();
}

const passwords: Readonly<Record<BecomeMethod, string>> = {
  sudo: 'correct horse',
  su: 'top secret',
  doas: 'correct horse',
};

describe.skipIf(why !== null).each(['sudo', 'su', 'doas'] as const)('becoming root by the real %s', (method) => {
  const password = new Secret(passwords[method]);

  it('works with a password', async () => {
    expect(await whoIs('alice', { method, user: 'root', password })).toBe('root');
  });

  it('refuses a wrong password within 5 s, and does not try it again', async () => {
    // On a loaded machine a right one takes its time, too.
    const [, right] = await awakeDuring(whoIs('alice', { method, user: 'root', password }));
    const transport = transportOf('alice', { method, user: 'root', password: new Secret('wrong-c3f1') });
    const refused = expect(transport.enter()).rejects.toMatchObject({ code: 'become-wrong-password' });
    const [, wrong] = await awakeDuring(refused);
    expect(wrong).toBeLessThan(5_000 + 5 * right);
    const question = new ShellWriter(transport).ask({ ask: 'stat', path: '/etc' });
    const [, again] = await awakeDuring(expect(question).rejects.toMatchObject({ code: 'unreadable' }));
    expect(again).toBeLessThan(1_000);
  });

  it('says that a password is wanted where none is given', async () => {
    const entered = transportOf('alice', { method, user: 'root' }).enter();
    await expect(entered).rejects.toMatchObject({ code: 'become-needs-password' });
  });

  it('writes what only root may, and reads it back', async () => {
    const host = new ShellWriter(transportOf('alice', { method, user: 'root', password }));
    const path = `/etc/cairn-become-${method}`;
    const changed = await host.change({
      guards: [],
      operations: [{ do: 'put-file', path, content: 'ours\n', mode: '0600', owner: 'root', group: 'root' }],
      readBack: [{ ask: 'stat', path }],
    });
    expect(changed).toMatchObject({ is: 'written', answers: [{ mode: '0600', owner: 'root', size: 5 }] });
  });

  it('shows the password to no list of processes', async () => {
    const canary = passwords[method];
    const host = new ShellWriter(transportOf('alice', { method, user: 'root', password }));
    const { stdout } = await host.ask({
      ask: 'run',
      argv: ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"; exit 0'],
    });
    expect(stdout.includes(canary)).toBe(false);
    expect(stdout.includes('PATH=')).toBe(true);
  });
});

describe.skipIf(why !== null)('becoming another user', () => {
  it.each(['sudo', 'doas'] as const)(
    'by %s needs no password where none is asked for, given or not',
    async (method) => {
      expect(await whoIs('bob', { method, user: 'root' })).toBe('root');
      expect(await whoIs('bob', { method, user: 'carol', password: new Secret('nobody-asks-7d') })).toBe('carol');
    },
  );

  it('is refused with what sudo says to who may not, though the password is right', async () => {
    const entered = transportOf('carol', {
      method: 'sudo',
      user: 'root',
      password: new Secret('correct horse'),
    }).enter();
    const error: unknown = await entered.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'become-refused' });
    expect((error as CairnError).diagnostics[0]?.detail?.join(' ')).toContain('not in the sudoers file');
  });

  it('works where the login shell is none that knows our words', async () => {
    const password = new Secret('fern of the wood');
    expect(await whoIs('alice', { method: 'su', user: 'fern', password })).toBe('fern');
    expect(await whoIs('bob', { method: 'sudo', user: 'fern' })).toBe('fern');
  });

  it('names a program that is not there', async () => {
    const transport = new LocalTransport({
      become: { method: 'sudo', user: 'root' },
      before: ['env', 'PATH=/nowhere-at-all'],
    });
    await expect(transport.enter()).rejects.toMatchObject({ code: 'become-refused' });
  });

  it('ends what it started there when its time is over', async () => {
    const host = new ShellWriter(
      transportOf('alice', { method: 'sudo', user: 'root', password: new Secret('correct horse') }),
    );
    const asked = await host.ask({ ask: 'run', argv: ['sleep', '7431'], timeout: 1 });
    expect(asked.timedOut).toBe(true);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('sleep 7431');
  });

  it('waits for a slow prompt, as long as no question does', async () => {
    world.put('/usr/local/bin/sudo', slowSudo, 0o755);
    const began = performance.now();
    const host = new ShellWriter(transportOf('bob', { method: 'sudo', user: 'root', password: new Secret('slow-4b') }));
    expect(await host.ask({ ask: 'stat', path: '/etc' })).toMatchObject({ kind: 'directory' });
    expect(performance.now() - began).toBeGreaterThan(30_000);
    world.put('/usr/local/bin/sudo', 'exec /usr/bin/sudo "$@"\n', 0o755);
  });
});

const slowSudo = `#!/bin/sh
sleep 30
while [ "$1" != -- ]; do
  [ "$1" != -p ] || printf %s "$2" >&2
  shift
done
read -r password
shift
exec "$@"
`;
