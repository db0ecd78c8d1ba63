import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost, type SshHost } from '../../../src/connect/ssh/open.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import type { SshWay } from '../../../src/model/project.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type BecomeWorld, openBecomeWorld } from '../../rig/become/world.ts';
import { folderOf } from '../../rig/folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const run = promisify(execFile);
const right = new Secret('correct horse');
const wrong = new Secret('wrong horse 7f');

// Where PAM of the machine would need its journal and its audit, password files are enough.
const pam = [
  'auth optional pam_exec.so /usr/local/bin/count-try',
  ...['auth', 'account', 'session'].map((stage) => `${stage} required pam_unix.so`),
].join('\n');

describe.skipIf(why !== null)(why ?? 'signing in to a real sshd', () => {
  let world: BecomeWorld;
  let byPassword: Sshd;
  let byQuestion: Sshd;
  let byBoth: Sshd;
  let tries: string;
  const hosts: SshHost[] = [];

  beforeAll(async () => {
    world = openBecomeWorld();
    tries = mkdtempSync(join(tmpdir(), 'cairn-tries-'));
    world.put('/usr/local/bin/count-try', `#!/bin/sh\nexec mktemp -q ${tries}/XXXXXX\n`, 0o755);
    world.put('/etc/pam.d/sshd', `${pam}\n`, 0o644);
    await run(world.inside[0] ?? '', [...world.inside.slice(1), 'mkdir', '-p', '/run/sshd']);
    const asking = ['UsePAM yes', 'KbdInteractiveAuthentication yes'];
    [byPassword, byQuestion, byBoth] = await Promise.all([
      startSshd(['PasswordAuthentication yes'], world.inside),
      startSshd(asking, world.inside),
      startSshd([...asking, 'PasswordAuthentication yes'], world.inside),
    ]);
    // The server reads authorized keys as who signs in.
    chmodSync(byPassword.folder, 0o711);
  });
  afterEach(async () => void (await Promise.all(hosts.splice(0).map((host) => host.close()))));
  afterAll(async () => {
    await Promise.all([byPassword?.stop(), byQuestion?.stop(), byBoth?.stop()]);
    rmSync(tries, { recursive: true, force: true });
    world?.close();
  });

  async function signIn(server: Sshd, asked: SshWay, config = '', env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { home } = server.home;
    writeFileSync(join(home, '.ssh/config'), config);
    const ssh = { host: '127.0.0.1', port: server.port, user: 'alice', ...asked };
    const target = { kind: 'host', name: 'web1', connection: 'ssh', ssh } as const;
    const host = await openSshHost(target, { acceptNew: false }, { home, env });
    hosts.push(host);
    return (await host.writer.ask({ ask: 'run', argv: ['id', '-un'] })).stdout.trim();
  }

  const refused = async (signingIn: Promise<string>) =>
    signingIn.then(
      (user) => `${user} was let in`,
      (error: unknown) => diagnosticsOf(error)[0],
    );

  it('works with a password', async () => {
    expect(await signIn(byPassword, { password: right })).toBe('alice');
  });

  it('works where PAM asks for the password (keyboard-interactive)', async () => {
    expect(await signIn(byQuestion, { password: right })).toBe('alice');
  });

  it('is refused with a wrong password, which nothing shows', async () => {
    const problem = await refused(signIn(byPassword, { password: wrong }));
    expect(problem).toMatchObject({ code: 'host-refused', summary: expect.stringContaining('alice') });
    expect(JSON.stringify(problem)).not.toContain('wrong horse');
  });

  it.each(['asks for it', 'takes both'] as const)('tries a wrong password once where the server %s', async (how) => {
    const before = readdirSync(tries).length;
    const problem = await refused(signIn(how === 'takes both' ? byBoth : byQuestion, { password: wrong }));
    expect(problem).toMatchObject({ code: 'host-refused' });
    expect(readdirSync(tries).length - before).toBe(1);
  });

  it('goes by PreferredAuthentications and what is shut', async () => {
    expect(await signIn(byPassword, { password: right }, 'PreferredAuthentications password\n')).toBe('alice');
    for (const config of ['PreferredAuthentications publickey\n', 'PasswordAuthentication no\n']) {
      expect(await refused(signIn(byPassword, { password: right }, config))).toMatchObject({ code: 'host-refused' });
    }
  });

  it('offers the one key that is named, though only an agent can open it, and no other of the agent', async () => {
    const folder = folderOf('agent');
    const socket = join(folder, 'agent.sock');
    const [locked, other] = [join(folder, 'locked'), join(folder, 'other')];
    copyFileSync(byPassword.key, locked);
    await run('chmod', ['600', locked]);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const env = { SSH_AUTH_SOCK: socket };
    const added = () => run('ssh-add', [locked, other], { env }).then(Boolean, () => false);
    await expect.poll(added).toBe(true);
    await run('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', locked]);
    await run('cp', [`${byPassword.key}.pub`, `${locked}.pub`]);

    const config = (key: string): string => `IdentityFile ${key}\nIdentitiesOnly yes\n`;
    expect(await signIn(byPassword, {}, config(locked), env)).toBe('alice');
    rmSync(locked);
    expect(await signIn(byPassword, {}, config(`${locked}.pub`), env)).toBe('alice');
    expect(await refused(signIn(byPassword, {}, config(other), env))).toMatchObject({ code: 'host-refused' });
    agent.kill();
    await once(agent, 'exit');
  });
});
