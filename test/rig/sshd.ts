import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SshHome } from '../../src/connect/ssh/settings.ts';
import type { HostTarget } from '../../src/model/project.ts';
import { freePort, listens } from './ports.ts';
import { until } from './until.ts';

const sshd = '/usr/sbin/sshd';
const run = promisify(execFile);
const keyTypes = ['ed25519', 'ecdsa', 'rsa'] as const;

/** Why there is no SSH server to try on here, or null. It is installed where a test may change the machine. */
export function whyNoSshd(): string | null {
  if (process.getuid?.() !== 0) return 'skipped: an SSH server of the tests needs root';
  const mayInstall = Boolean(process.env.CI) || process.env.CAIRN_TEST_HOST === '1';
  return existsSync(sshd) || mayInstall
    ? null
    : 'skipped: openssh-server is not installed; CAIRN_TEST_HOST=1 installs it';
}

/** A real sshd on loopback, with keys and settings of its own; nothing of the system's is read or written. */
export interface Sshd {
  readonly port: number;
  readonly folder: string;
  /** A private key that it lets in. */
  readonly key: string;
  /** Public host keys, as a line of known_hosts holds them: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: Readonly<Record<(typeof keyTypes)[number], string>>;
  /** A home folder whose known_hosts knows it. */
  readonly home: SshHome;
  readonly target: HostTarget;
  /** Ends it and every session of it. */
  stop(): Promise<void>;
}

/**
 * @param settings more lines of sshd_config; the first one of a keyword counts
 * @param before words before its command: another world to run in
 */
export async function startSshd(settings: readonly string[] = [], before: readonly string[] = []): Promise<Sshd> {
  if (!existsSync(sshd)) await run('apt-get', ['install', '-y', '-q', 'openssh-server']);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(tmpdir(), 'cairn-sshd-'));
  const home = join(folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  await Promise.all([
    ...keyTypes.map((type) => makeKey(join(folder, `host_${type}`), type)),
    makeKey(join(folder, 'client'), 'ed25519'),
  ]);
  const port = await freePort();
  await writeFile(join(folder, 'sshd_config'), [...settings, ...configOf(folder, port), ''].join('\n'));
  const [program = sshd, ...args] = [...before, sshd, '-D', '-e', '-f', join(folder, 'sshd_config')];
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  });
  await until('sshd to listen', () => listens(port));
  const hostKeys = Object.fromEntries(
    await Promise.all(
      keyTypes.map(async (type) => {
        const [algorithm, key] = (await readFile(join(folder, `host_${type}.pub`), 'utf8')).split(' ');
        return [type, `${algorithm} ${key?.trim()}`] as const;
      }),
    ),
  ) as Sshd['hostKeys'];
  const known = Object.values(hostKeys).map((key) => `[127.0.0.1]:${port} ${key}\n`);
  await writeFile(join(home, '.ssh/known_hosts'), known.join(''));
  const key = join(folder, 'client');
  return {
    port,
    folder,
    key,
    hostKeys,
    home: { home, env: {} },
    target: {
      kind: 'host',
      name: 'web1',
      connection: 'ssh',
      ssh: { host: '127.0.0.1', port, user: userInfo().username, key },
    },
    stop: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, port: number): readonly string[] {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...keyTypes.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(folder, 'client.pub')}`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 100',
    'Subsystem sftp internal-sftp',
    sessionsWith(),
  ];
}

/**
 * The line of sshd_config by which sessions have these variables. A bash that it starts doesn't take itself for a session's
 * first and read what this user's `.bashrc` says, which may take longer than a test.
 */
export function sessionsWith(...variables: readonly string[]): string {
  return ['SetEnv', 'SHLVL=1', ...variables].join(' ');
}

async function makeKey(file: string, type: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, ...(type === 'rsa' ? ['-b', '2048'] : []), '-N', '', '-f', file]);
}

// Sessions are processes of their own groups; each is a child of the server.
async function end(child: ChildProcess): Promise<void> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(child.pid)]).catch(() => ({ stdout: '' }));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  for (const pid of stdout.split(/\s+/).filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  await gone;
}
