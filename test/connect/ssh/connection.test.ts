import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost, type SshHost } from '../../../src/connect/ssh/open.ts';
import type { SshHome } from '../../../src/connect/ssh/settings.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import type { HostTarget } from '../../../src/model/project.ts';
import { Secret } from '../../../src/model/secret.ts';
import { awakeDuring } from '../../rig/awake.ts';
import { folderOf } from '../../rig/folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const run = promisify(execFile);

describe.skipIf(why !== null)(why ?? 'an SSH connection', () => {
  const servers: Sshd[] = [];
  const hosts: SshHost[] = [];
  let server: Sshd;
  beforeAll(async () => {
    server = await started();
  });
  afterEach(async () => void (await Promise.all(hosts.splice(0).map((host) => host.close()))));
  afterAll(async () => void (await Promise.all(servers.map((one) => one.stop()))));

  async function started(settings: readonly string[] = []): Promise<Sshd> {
    const one = await startSshd(settings);
    servers.push(one);
    return one;
  }

  async function opened(ssh: HostTarget['ssh'] = {}, home: SshHome = server.home, on = server): Promise<SshHost> {
    const host = await openSshHost({ ...on.target, ssh: { ...on.target.ssh, ...ssh } }, { acceptNew: false }, home);
    hosts.push(host);
    return host;
  }

  const refused = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => diagnosticsOf(error)[0],
    );
  const hello = (host: SshHost) => host.writer.ask({ ask: 'run', argv: ['echo', 'hello'] });

  it('answers many questions at once, programs among them', async () => {
    const host = await opened();
    const asked = Array.from({ length: 30 }, (_, at) =>
      host.writer.ask({ ask: 'run', argv: ['sh', '-c', `sleep 0.1; echo ${at}`] }).then(({ stdout }) => stdout.trim()),
    );
    expect(await Promise.all(asked)).toEqual(asked.map((_, at) => String(at)));
  });

  it('runs a session of programs side by side, no more than a server allows', async () => {
    const host = await opened();
    const results = [];
    for (let at = 0; at < 20; at += 1) {
      results.push(host.writer.ask({ ask: 'run', argv: ['sleep', '0.2'] }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await Promise.all(results)).map(({ status }) => status)).toEqual(results.map(() => 0));
  });

  it('ends a program that takes too long, and leaves none behind', async () => {
    const host = await opened();
    const mark = `31.4159${process.pid}`;
    const answer = await host.writer.ask({ ask: 'run', argv: ['sleep', mark], timeout: 1 });
    expect(answer).toMatchObject({ timedOut: true });
    expect(await hello(host)).toMatchObject({ stdout: 'hello\n' });
    await expect.poll(() => running(mark)).toBe(false);
  });

  it('opens itself again after it was cut', async () => {
    const proxy = await proxyTo(server.port);
    const host = await opened({ port: proxy.port }, homeKnowing(server, proxy.port));
    expect(await hello(host)).toMatchObject({ status: 0 });
    proxy.cut();
    await expect.poll(() => hello(host)).toMatchObject({ status: 0 });
    proxy.close();
  });

  it('that says nothing any more is given up within 15 s, with the reason', async () => {
    const proxy = await proxyTo(server.port);
    const host = await opened({ port: proxy.port }, homeKnowing(server, proxy.port));
    await hello(host);
    proxy.freeze();
    const [problem, ms] = await awakeDuring(refused(host.writer.ask({ ask: 'run', argv: ['sleep', '60'] })));
    expect(ms).toBeLessThan(15_000);
    expect(problem).toMatchObject({ code: 'connection-lost' });
    proxy.close();
  });

  it.each([
    ['this user', undefined],
    ['another user', { method: 'su', user: 'games' } as const],
  ])(
    'that broke without the server hearing of it: what it began as %s is ended before anything else',
    async (_, become) => {
      const proxy = await proxyTo(server.port);
      const ssh = { ...server.target.ssh, port: proxy.port };
      const target: HostTarget = { ...server.target, ssh, ...(become ? { become } : {}) };
      const host = await openSshHost(target, { acceptNew: false }, homeKnowing(server, proxy.port));
      hosts.push(host);
      const mark = `27.1828${process.pid}${become ? 1 : 0}`;
      const lost = refused(
        host.writer.change({ guards: [], operations: [{ do: 'run', argv: ['sleep', mark] }], readBack: [] }),
      );
      await expect.poll(() => running(mark)).toBe(true);
      const shell = await shellAbove(mark);
      expect(shell).toMatch(/^cairn-[0-9a-f]{16}$/);
      proxy.freeze();
      expect(await lost).toMatchObject({ code: 'connection-lost' });
      expect(await running(mark)).toBe(true);
      expect(await host.writer.ask({ ask: 'stat', path: '/etc' })).toMatchObject({ kind: 'directory' });
      expect(await running(mark)).toBe(false);
      expect(await running(shell)).toBe(false);
      proxy.close();
    },
  );

  it('that nobody answers names the host and the port', async () => {
    const problem = await refused(opened({ port: 1 }, homeKnowing(server, 1)));
    expect(problem).toMatchObject({ code: 'host-unreachable' });
    expect(problem?.summary).toContain('127.0.0.1 port 1');
  });

  it('is given up within 15 s where a server is there and says nothing', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const [problem, ms] = await awakeDuring(refused(opened({ port }, homeKnowing(server, port))));
    expect(ms).toBeLessThan(15_000);
    expect(problem).toMatchObject({ code: 'host-unreachable', summary: expect.stringContaining('says nothing') });
    mute.close();
  });

  it('says which user was not let in, and what was tried', async () => {
    const key = join(folderOf('keys'), 'stranger');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const problem = await refused(opened({ key }));
    expect(problem).toMatchObject({ code: 'host-refused', summary: expect.stringContaining(userInfo().username) });
  });

  it('signs in with an encrypted key and its passphrase, and says when it is missing or wrong', async () => {
    const key = join(folderOf('keys'), 'locked');
    await run('cp', [server.key, key]);
    await run('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', key]);
    expect(await hello(await opened({ key, passphrase: new Secret('open sesame') }))).toMatchObject({ status: 0 });
    expect((await refused(opened({ key })))?.detail?.join()).toContain('it is encrypted');
    const wrong = await refused(opened({ key, passphrase: new Secret('open, please') }));
    expect(wrong?.detail?.join()).toContain('its passphrase is wrong');
  });

  it('signs in with what an agent holds', async () => {
    const folder = folderOf('agent');
    const socket = join(folder, 'agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await expect
      .poll(() =>
        run('ssh-add', [server.key], { env: { SSH_AUTH_SOCK: socket } }).then(
          () => 'added',
          () => '',
        ),
      )
      .toBe('added');
    const { key: _, ...ssh } = server.target.ssh ?? {};
    const host = await openSshHost(
      { ...server.target, ssh },
      { acceptNew: false },
      { ...server.home, env: { SSH_AUTH_SOCK: socket } },
    );
    hosts.push(host);
    expect(await hello(host)).toMatchObject({ status: 0 });
    agent.kill();
    await once(agent, 'exit');
  });

  it('becomes another user in every shell of it', async () => {
    const target: HostTarget = { ...server.target, become: { method: 'su', user: 'games' } };
    const host = await openSshHost(target, { acceptNew: false }, server.home);
    hosts.push(host);
    const { stdout } = await host.writer.ask({ ask: 'run', argv: ['id', '-un'] });
    expect(stdout).toBe('games\n');
    expect(await host.writer.ask({ ask: 'content', path: '/etc/shadow' }).catch(() => 'refused')).toBe('refused');
  });

  it('says who can not be become, and is closed then', async () => {
    const proxy = await proxyTo(server.port);
    const ssh = { ...server.target.ssh, port: proxy.port };
    const target: HostTarget = { ...server.target, ssh, become: { method: 'su', user: 'nobody-at-all' } };
    const opening = openSshHost(target, { acceptNew: false }, homeKnowing(server, proxy.port));
    expect(await refused(opening)).toMatchObject({ code: 'become-refused' });
    await expect.poll(() => proxy.open()).toBe(0);
    proxy.close();
  });
});

function running(words: string): Promise<boolean> {
  return run('pgrep', ['-f', words]).then(
    () => true,
    () => false,
  );
}

// Of the shell above a program that was started with a time limit.
async function shellAbove(words: string): Promise<string> {
  const { stdout: pid } = await run('pgrep', ['-o', '-f', words]);
  const { stdout: above } = await run('ps', ['-o', 'ppid=', '-p', pid.trim()]);
  return readFileSync(`/proc/${above.trim()}/cmdline`, 'utf8').split('\0')[2] ?? '';
}

function homeKnowing(server: Sshd, port: number): SshHome {
  const home = folderOf('home');
  mkdirSync(join(home, '.ssh'));
  const lines = Object.values(server.hostKeys).map((key) => `[127.0.0.1]:${port} ${key}\n`);
  writeFileSync(join(home, '.ssh/known_hosts'), lines.join(''));
  return { home, env: {} };
}

interface Proxy {
  readonly port: number;
  /** Connections that stand. */
  open(): number;
  cut(): void;
  /** Passes nothing on any more, and closes nothing. */
  freeze(): void;
  close(): void;
}

async function proxyTo(port: number): Promise<Proxy> {
  const sockets: Socket[] = [];
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    open: () => sockets.filter(({ destroyed }) => !destroyed).length,
    cut: () => {
      for (const socket of sockets.splice(0)) socket.destroy();
    },
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
