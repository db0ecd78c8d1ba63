import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost } from '../../../src/connect/ssh/open.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const run = promisify(execFile);

describe.skipIf(why !== null)(why ?? 'certificates of users, on a real sshd that takes nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-certificates-'));
  const [authority, stranger] = [join(folder, 'ca'), join(folder, 'other-ca')];
  let server: Sshd;

  beforeAll(async () => {
    for (const ca of [authority, stranger]) await makeKey(ca, 'ed25519');
    server = await startSshd([`TrustedUserCAKeys ${authority}.pub`, 'AuthorizedKeysFile none', 'MaxAuthTries 3']);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function makeKey(file: string, type: string, bits?: string): Promise<void> {
    await run('ssh-keygen', ['-q', '-t', type, ...(bits ? ['-b', bits] : []), '-N', '', '-f', file]);
  }

  /** A new key in a folder of its own, and a certificate beside it. */
  async function newKey(words: readonly string[], type = 'ed25519', bits?: string, ca = authority): Promise<string> {
    const key = join(mkdtempSync(join(folder, 'key-')), 'id');
    await makeKey(key, type, bits);
    await run('ssh-keygen', ['-q', '-s', ca, '-I', 'somebody', ...words, `${key}.pub`]);
    return key;
  }

  /** Signs in as root; gives who that is, or all that the refusal says. */
  async function signIn(config: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const home = join(mkdtempSync(join(folder, 'home-')), 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    const known = join(server.home.home, '.ssh/known_hosts');
    writeFileSync(join(home, '.ssh/config'), `UserKnownHostsFile ${known}\n${config}`);
    const ssh = { host: '127.0.0.1', port: server.port, user: 'root' };
    const target = { kind: 'host', name: 'web1', connection: 'ssh', ssh } as const;
    try {
      const host = await openSshHost(target, { acceptNew: false }, { home, env });
      const { stdout } = await host.writer.ask({ ask: 'run', argv: ['id', '-un'] });
      await host.close();
      return stdout.trim();
    } catch (error) {
      return diagnosticsOf(error)
        .flatMap(({ code, detail = [] }) => [code, ...detail])
        .join('\n');
    }
  }

  /** The verdict of the real ssh on the same settings. */
  async function sshLetsIn(config: string): Promise<boolean> {
    const file = join(mkdtempSync(join(folder, 'config-')), 'config');
    writeFileSync(file, `UserKnownHostsFile ${join(server.home.home, '.ssh/known_hosts')}\n${config}`);
    const words = ['-F', file, '-o', 'BatchMode=yes', '-o', 'IdentityAgent=none', '-p', String(server.port)];
    return run('ssh', [...words, 'root@127.0.0.1', 'true']).then(
      () => true,
      () => false,
    );
  }

  it.each([
    ['ed25519', undefined],
    ['ecdsa', '256'],
    ['ecdsa', '384'],
    ['ecdsa', '521'],
    ['rsa', '2048'],
  ])('let in by one beside a key of type %s %s', async (type, bits) => {
    const key = await newKey(['-n', 'root'], type, bits);
    expect(await signIn(`IdentityFile ${key}\n`)).toBe('root');
  });

  it('let in by one that CertificateFile names, wherever its key lies', async () => {
    const key = await newKey(['-n', 'deploy,root', '-V', '-1h:+1h']);
    const elsewhere = join(folder, 'elsewhere.pub');
    renameSync(`${key}-cert.pub`, elsewhere);
    expect(await signIn(`IdentityFile ${key}\nCertificateFile ${elsewhere}\n`)).toBe('root');
    expect(await signIn(`IdentityFile ${key}\n`)).toBe('host-refused');
  });

  it.each([
    ['expired', ['-n', 'root', '-V', '20200101:20200102'], /id-cert.pub expired on 2020-01-02T/],
    ['not begun', ['-n', 'root', '-V', '20400101:20400102'], /id-cert.pub counts from 2040-01-01T.* clock/],
    ['somebody else’s', ['-n', 'deploy,ada'], /it is for deploy, ada, not for root/],
    ['a host’s', ['-h', '-n', 'root'], /id-cert.pub is one of a host/],
  ])('is refused, as by ssh, when it is %s, and the failure says so', async (_, words, says) => {
    const config = `IdentityFile ${await newKey(words)}\n`;
    expect(await sshLetsIn(config)).toBe(false);
    const said = await signIn(config);
    expect(said).toContain('host-refused');
    expect(said).toMatch(says);
  });

  it('is refused, as by ssh, when a stranger signed it: the failure names the authority', async () => {
    const config = `IdentityFile ${await newKey(['-n', 'root'], 'ed25519', undefined, stranger)}\n`;
    const { stdout } = await run('ssh-keygen', ['-l', '-f', `${stranger}.pub`]);
    expect(await sshLetsIn(config)).toBe(false);
    expect(await signIn(config)).toContain(`authority ${stdout.split(' ')[1]} (TrustedUserCAKeys)`);
  });

  it('is no way in for another key, and for one of which a bit was turned', async () => {
    const [key, other] = [await newKey(['-n', 'root']), await newKey(['-n', 'root'])];
    rmSync(`${other}-cert.pub`);
    const config = `IdentityFile ${other}\nCertificateFile ${key}-cert.pub\n`;
    expect(await signIn(config)).toContain('id-cert.pub was not offered: its private key is in no key file');
    writeFileSync(`${key}-cert.pub`, 'ssh-ed25519-cert-v01@openssh.com AAAA\n');
    expect(await signIn(`IdentityFile ${key}\n`)).toContain('id-cert.pub holds no certificate');
  });

  it('is refused where a server takes no more tries, which is no host that can’t be reached', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, () => newKey(['-n', 'ada'])));
    const said = await signIn(keys.map((key) => `IdentityFile ${key}\n`).join(''));
    expect(said).toMatch(/^host-refused\nit ended the connection before all were offered: Too many/);
  });

  describe('with an agent', () => {
    const env = { SSH_AUTH_SOCK: join(folder, 'agent.sock') };
    const agent = why === null ? spawn('ssh-agent', ['-D', '-a', env.SSH_AUTH_SOCK], { stdio: 'ignore' }) : undefined;
    afterAll(async () => {
      agent?.kill();
      if (agent) await once(agent, 'exit');
    });
    const add = async (...words: readonly string[]): Promise<void> => {
      const added = () => run('ssh-add', ['-q', ...words], { env }).then(Boolean, () => false);
      await expect.poll(added).toBe(true);
    };

    it.each(['ed25519', 'ecdsa', 'rsa'])(
      'let in by one that it holds with its key (%s), both nowhere else',
      async (type) => {
        const key = await newKey(['-n', 'root'], type);
        await add(key);
        for (const file of [key, `${key}.pub`, `${key}-cert.pub`]) rmSync(file);
        expect(await signIn('', env)).toBe('root');
        await run('ssh-add', ['-q', '-D'], { env });
      },
    );

    it('let in by one in a file, whose key it alone can open', async () => {
      const key = await newKey(['-n', 'root']);
      renameSync(`${key}-cert.pub`, join(folder, 'later'));
      await add(key);
      renameSync(join(folder, 'later'), `${key}-cert.pub`);
      rmSync(key);
      expect(await signIn(`IdentityFile ${key}\nIdentitiesOnly yes\n`, env)).toBe('root');
      expect(await signIn(`IdentityFile ${key}.pub\nIdentitiesOnly yes\n`, env)).toBe('root');
      await run('ssh-add', ['-q', '-D'], { env });
    });

    it('offers none of another key where one key is meant', async () => {
      const [held, meant] = [await newKey(['-n', 'root']), await newKey(['-n', 'ada'])];
      await add(held);
      appendFileSync(`${meant}-cert.pub`, '\n');
      expect(await signIn(`IdentityFile ${meant}\nIdentitiesOnly yes\n`, env)).toContain('host-refused');
      await run('ssh-add', ['-q', '-D'], { env });
    });

    it('that isn’t there stands in nobody’s way', async () => {
      const key = await newKey(['-n', 'root']);
      expect(await signIn(`IdentityFile ${key}\n`, { SSH_AUTH_SOCK: join(folder, 'nobody') })).toBe('root');
    });
  });
});
