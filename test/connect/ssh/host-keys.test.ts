import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost } from '../../../src/connect/ssh/open.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import { folderOf } from '../../rig/folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

interface Keys {
  readonly ed25519: string;
  readonly ecdsa: string;
  readonly rsa: string;
  /** Of another server. */
  readonly other: string;
  /** `[127.0.0.1]:port`. */
  readonly at: string;
  readonly port: number;
}

interface Case {
  readonly it: string;
  readonly known: (keys: Keys) => readonly string[];
  readonly says: 'known' | 'host-key-unknown' | 'host-key-changed' | 'host-key-revoked';
  readonly host?: string;
  /** Run through `ssh-keygen -H`. */
  readonly isHashed?: true;
}

const cases: readonly Case[] = [
  { it: 'an empty file', known: () => [], says: 'host-key-unknown' },
  { it: 'the key under name and port', known: ({ at, ed25519 }) => [`${at} ${ed25519}`], says: 'known' },
  { it: 'only another type of its keys: RSA', known: ({ at, rsa }) => [`${at} ${rsa}`], says: 'known' },
  { it: 'only another type of its keys: ECDSA', known: ({ at, ecdsa }) => [`${at} ${ecdsa}`], says: 'known' },
  {
    it: 'all its keys',
    known: ({ at, ...keys }) => [keys.rsa, keys.ecdsa, keys.ed25519].map((key) => `${at} ${key}`),
    says: 'known',
  },
  { it: 'another key', known: ({ at, other }) => [`${at} ${other}`], says: 'host-key-changed' },
  {
    it: 'another key of the first type, the right one of a later',
    known: ({ at, other, rsa }) => [`${at} ${other}`, `${at} ${rsa}`],
    says: 'host-key-changed',
  },
  {
    it: 'another key and the right one',
    known: ({ at, other, ed25519 }) => [`${at} ${other}`, `${at} ${ed25519}`],
    says: 'known',
  },
  {
    it: 'the key under a hashed name',
    known: ({ at, ed25519 }) => [`${at} ${ed25519}`],
    says: 'known',
    isHashed: true,
  },
  {
    it: 'another key under a hashed name',
    known: ({ at, other }) => [`${at} ${other}`],
    says: 'host-key-changed',
    isHashed: true,
  },
  {
    it: 'another name, hashed',
    known: ({ ed25519 }) => [`elsewhere ${ed25519}`],
    says: 'host-key-unknown',
    isHashed: true,
  },
  { it: 'a hash that is none', known: ({ ed25519 }) => [`|1|AAAA|BBBB ${ed25519}`], says: 'host-key-unknown' },
  {
    it: 'a wildcard for the last part',
    known: ({ port, ed25519 }) => [`[127.0.0.?]:${port} ${ed25519}`],
    says: 'known',
  },
  { it: 'a wildcard for everything', known: ({ ed25519 }) => [`* ${ed25519}`], says: 'known' },
  { it: 'a wildcard for everything, another key', known: ({ other }) => [`* ${other}`], says: 'host-key-changed' },
  { it: 'a wildcard that names another port', known: ({ ed25519 }) => [`[*]:1 ${ed25519}`], says: 'host-key-unknown' },
  {
    it: 'all but this one, by name and port and without',
    known: ({ at, ed25519 }) => [`*,!${at},!127.0.0.1 ${ed25519}`],
    says: 'host-key-unknown',
  },
  { it: 'all but this one, by the name alone', known: ({ ed25519 }) => [`*,!127.0.0.1 ${ed25519}`], says: 'known' },
  {
    it: 'all but this one, by name and port alone',
    known: ({ at, ed25519 }) => [`*,!${at} ${ed25519}`],
    says: 'known',
  },
  { it: 'the key under the name without a port', known: ({ ed25519 }) => [`127.0.0.1 ${ed25519}`], says: 'known' },
  {
    it: 'another key under the name without a port',
    known: ({ other }) => [`127.0.0.1 ${other}`],
    says: 'host-key-unknown',
  },
  { it: 'another port', known: ({ ed25519 }) => [`[127.0.0.1]:1 ${ed25519}`], says: 'host-key-unknown' },
  { it: 'one of several names', known: ({ at, ed25519 }) => [`elsewhere,${at} ${ed25519}`], says: 'known' },
  {
    it: 'a name in capitals',
    known: ({ port, ed25519 }) => [`[LOCALHOST]:${port} ${ed25519}`],
    says: 'known',
    host: 'localhost',
  },
  {
    it: 'a host in capitals',
    known: ({ port, ed25519 }) => [`[localhost]:${port} ${ed25519}`],
    says: 'known',
    host: 'LOCALHOST',
  },
  {
    it: 'the address, where the name is asked for',
    known: ({ at, ed25519 }) => [`${at} ${ed25519}`],
    says: 'host-key-unknown',
    host: 'localhost',
  },
  { it: 'the key, revoked', known: ({ at, ed25519 }) => [`@revoked ${at} ${ed25519}`], says: 'host-key-revoked' },
  {
    it: 'the key, and revoked for everybody',
    known: ({ at, ed25519 }) => [`${at} ${ed25519}`, `@revoked * ${ed25519}`],
    says: 'host-key-revoked',
  },
  {
    it: 'the key, another one revoked',
    known: ({ at, ed25519, other }) => [`@revoked ${at} ${other}`, `${at} ${ed25519}`],
    says: 'known',
  },
  { it: 'an authority alone', known: ({ at, other }) => [`@cert-authority ${at} ${other}`], says: 'host-key-unknown' },
  {
    it: 'an authority and the key',
    known: ({ at, other, ed25519 }) => [`@cert-authority ${at} ${other}`, `${at} ${ed25519}`],
    says: 'known',
  },
  {
    it: 'the key under a marker that nobody knows',
    known: ({ at, ed25519 }) => [`@trusted ${at} ${ed25519}`],
    says: 'host-key-unknown',
  },
  {
    it: 'comments, empty lines and rubbish around it',
    known: ({ at, ed25519 }) => ['# hosts', '', 'rubbish', `${at} ${ed25519} admin@site`],
    says: 'known',
  },
  {
    it: 'tabs between the fields',
    known: ({ at, ed25519 }) => [`${at}\t${ed25519.replace(' ', '\t')}`],
    says: 'known',
  },
  {
    it: 'a key that calls itself another type',
    known: ({ at, ed25519 }) => [`${at} ssh-rsa ${ed25519.split(' ')[1]}`],
    says: 'host-key-unknown',
  },
];

const run = promisify(execFile);
const why = whyNoSshd();

describe.skipIf(why !== null)(why ?? 'a host key, judged as ssh does', () => {
  let server: Sshd;
  let stranger: Sshd;
  beforeAll(async () => {
    [server, stranger] = await Promise.all([startSshd(), startSshd()]);
  });
  afterAll(async () => void (await Promise.all([server.stop(), stranger.stop()])));

  it.each(cases)('known is $it: $says', async ({ known, says, host = '127.0.0.1', isHashed }) => {
    const home = folderOf('home');
    const file = join(home, '.ssh/known_hosts');
    mkdirSync(join(home, '.ssh'));
    const { port, hostKeys, key } = server;
    const lines = known({ ...hostKeys, other: stranger.hostKeys.ed25519, at: `[127.0.0.1]:${port}`, port });
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    if (isHashed) await run('ssh-keygen', ['-q', '-H', '-f', file]);
    const ssh = { ...server.target.ssh, host };
    const ours = await openSshHost({ ...server.target, ssh }, { acceptNew: false }, { home, env: {} }).then(
      async ({ close }) => {
        await close();
        return 'known';
      },
      (error: unknown) => diagnosticsOf(error)[0]?.code,
    );
    expect(ours).toBe(says);
    expect(await acceptedBySsh({ file, key, port, host })).toBe(says === 'known');
  });

  it('is remembered at first use where that is asked for, and never where another one is known', async () => {
    const home = folderOf('home');
    const open = async (acceptNew: boolean): Promise<unknown> =>
      openSshHost(server.target, { acceptNew }, { home, env: {} }).then(
        ({ close }) => close(),
        (error: unknown) => diagnosticsOf(error)[0]?.code,
      );
    expect(await open(false)).toBe('host-key-unknown');
    expect(await open(true)).toBeUndefined();
    expect(await open(false)).toBeUndefined();
    writeFileSync(join(home, '.ssh/known_hosts'), `[127.0.0.1]:${server.port} ${stranger.hostKeys.ed25519}\n`);
    expect(await open(true)).toBe('host-key-changed');
  });

  it('is never remembered where an authority stands for the host, though ssh takes its certificate', async () => {
    const folder = folderOf('certified');
    const [authority, hostKey] = [join(folder, 'ca'), join(folder, 'host')];
    for (const file of [authority, hostKey]) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    await run('ssh-keygen', ['-q', '-s', authority, '-I', 'web1', '-h', '-n', '127.0.0.1', `${hostKey}.pub`]);
    const certified = await startSshd([`HostKey ${hostKey}`, `HostCertificate ${hostKey}-cert.pub`]);
    const { port, key, target } = certified;
    const home = folderOf('home');
    const file = join(home, '.ssh/known_hosts');
    mkdirSync(join(home, '.ssh'));
    const line = `@cert-authority [127.0.0.1]:${port} ${readFileSync(`${authority}.pub`, 'utf8')}`;
    writeFileSync(file, line);
    expect(await acceptedBySsh({ file, key, port, host: '127.0.0.1' })).toBe(true);
    const open = () => openSshHost(target, { acceptNew: true }, { home, env: {} });
    const [problem] = diagnosticsOf(await open().catch((thrown) => thrown));
    expect(problem).toMatchObject({ code: 'host-key-unknown', help: expect.not.stringContaining('accept-new') });
    expect(problem?.detail).toContain(`${file}:1 names an authority, and certificates of hosts are not understood`);
    expect(readFileSync(file, 'utf8')).toBe(line);
    writeFileSync(file, `${line}[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
    await (await open()).close();
    await certified.stop();
  });

  it('that changed is refused with the line at fault and the way out', async () => {
    const home = folderOf('home');
    const file = join(home, '.ssh/known_hosts');
    mkdirSync(join(home, '.ssh'));
    writeFileSync(file, `# old\n[127.0.0.1]:${server.port} ${stranger.hostKeys.ed25519}\n`);
    const error = await openSshHost(server.target, { acceptNew: false }, { home, env: {} }).catch((thrown) => thrown);
    const [problem] = diagnosticsOf(error);
    expect(problem?.summary).toBe(`web1 ([127.0.0.1]:${server.port}) shows another key than the one that is known`);
    expect(problem?.detail?.[0]).toBe(`known: ${file}:2, ssh-ed25519`);
    expect(problem?.help).toContain(`ssh-keygen -f ${file} -R '[127.0.0.1]:${server.port}'`);
  });
});

interface Asked {
  readonly file: string;
  readonly key: string;
  readonly port: number;
  readonly host: string;
}

async function acceptedBySsh({ file, key, port, host }: Asked): Promise<boolean> {
  const options = {
    UserKnownHostsFile: file,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    BatchMode: 'yes',
  };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  try {
    await run('ssh', ['-F', 'none', ...words, '-i', key, '-p', String(port), host, 'true']);
    return true;
  } catch {
    return false;
  }
}
