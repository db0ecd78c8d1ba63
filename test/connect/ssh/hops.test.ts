import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLogin } from '../../../src/connect/ssh/login.ts';
import { openSshHost, type SshHost } from '../../../src/connect/ssh/open.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import type { HostTarget } from '../../../src/model/project.ts';
import { folderOf } from '../../rig/folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();

describe.skipIf(why !== null)(why ?? 'hops before a host', () => {
  const hosts: SshHost[] = [];
  let server: Sshd;
  let first: Sshd;
  let second: Sshd;
  beforeAll(async () => {
    [server, first, second] = await Promise.all([startSshd(), startSshd(), startSshd()]);
  });
  afterEach(async () => void (await Promise.all(hosts.splice(0).map((host) => host.close()))));
  afterAll(async () => void (await Promise.all([server, first, second].map((one) => one.stop()))));

  const refused = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => diagnosticsOf(error)[0],
    );
  const block = (name: string, one: Sshd, more = ''): string =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${one.port}\n  User ${userInfo().username}\n  IdentityFile ${one.key}\n  IdentitiesOnly yes\n${more}\n`;
  const knownBy = (one: Sshd): string => readFileSync(join(one.home.home, '.ssh/known_hosts'), 'utf8');
  const target: HostTarget = { kind: 'host', name: 'inner', connection: 'ssh', ssh: {} };

  /** A home whose files know all three, and lead through two of them to the third. */
  function homeWithHops(): string {
    const home = folderOf('home');
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/known_hosts'), [server, first, second].map(knownBy).join(''));
    const config = [block('hop1', first), block('hop2', second), block('inner', server, '  ProxyJump hop1,hop2\n')];
    writeFileSync(join(home, '.ssh/config'), config.join(''));
    return home;
  }

  it('go by ~/.ssh/config: alias, port, user, key, and the keys of two hops are judged too', async () => {
    const home = homeWithHops();
    const host = await openSshHost(target, { acceptNew: false }, { home, env: {} });
    hosts.push(host);
    const { stdout } = await host.writer.ask({ ask: 'run', argv: ['sh', '-c', 'echo "$SSH_CONNECTION"'] });
    expect(stdout.trim().split(' ').at(-1)).toBe(String(server.port));
    const own = [
      block('hop1', first),
      block('hop2', second, '  ProxyJump hop1\n'),
      block('inner', server, '  ProxyJump hop2\n'),
    ];
    writeFileSync(join(home, '.ssh/config'), own.join(''));
    hosts.push(await openSshHost(target, { acceptNew: false }, { home, env: {} }));
    writeFileSync(join(home, '.ssh/config'), ['Host *\n  ProxyJump hop1\n', ...own].join(''));
    expect(await refused(openSshHost(target, { acceptNew: false }, { home, env: {} }))).toMatchObject({
      code: 'ssh-config',
      summary: 'ProxyJump leads in a circle: inner → hop1 → hop1',
    });
    writeFileSync(join(home, '.ssh/config'), own.join(''));
    writeFileSync(join(home, '.ssh/known_hosts'), knownBy(server) + knownBy(first));
    expect(await refused(openSshHost(target, { acceptNew: false }, { home, env: {} }))).toMatchObject({
      code: 'host-key-unknown',
      summary: expect.stringContaining('hop2'),
    });
  });

  it('lead a login to the host, with its terminal', async () => {
    const screen = { term: 'vt100', columns: 90, rows: 20 };
    const login = await openLogin(target, screen, { acceptNew: false }, { home: homeWithHops(), env: {} });
    let shown = '';
    login.stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    login.resize({ columns: 91, rows: 21 });
    login.stream.write('echo "<$(stty size)> <$SSH_CONNECTION>"; exit 5\n');
    expect(await login.ended).toBe(5);
    expect(shown).toMatch(new RegExp(`<21 91> <127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${server.port}>`));
    login.close();
  });
});
