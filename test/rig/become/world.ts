import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'test-packages');
const packages = ['sudo', 'opendoas'] as const;

/** A view of this machine with users of its own, the real sudo, su and doas, and settings that nobody else sees. */
export interface BecomeWorld {
  /** Words before a command that run it in there as root. */
  readonly inside: readonly string[];
  /** Words before a command that run it in there as a user. */
  as(user: string): readonly [string, ...string[]];
  /** Puts a file there. */
  put(path: string, content: string, mode: number): void;
  close(): void;
}

/** Why it can't be made here, or null: mounts and other users take root. */
export function whyNoBecomeWorld(): string | null {
  return process.getuid?.() === 0 ? null : 'skipped: needs root';
}

/**
 * Users: `alice` may become anybody by her password, `bob` by none, `carol` nobody by sudo; `root` has the
 * password `top secret`, `fern` `fern of the wood` and a login shell that knows nothing. All of it is gone with the namespace.
 */
export function openBecomeWorld(password = 'correct horse'): BecomeWorld {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-become-'));
  const etc = join(folder, 'etc');
  cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
  writeUsers(etc, password);
  const trees = packages.map(unpack);
  for (const tree of trees) cpSync(join(tree, 'etc'), etc, { recursive: true, force: true });
  writeFileSync(join(etc, 'sudoers'), 'alice ALL=(ALL) ALL\nbob ALL=(ALL) NOPASSWD: ALL\n');
  chmodSync(join(etc, 'sudoers'), 0o440);
  writeFileSync(join(etc, 'doas.conf'), 'permit alice\npermit nopass bob\n');
  for (const name of ['upper', 'work']) mkdirSync(join(folder, name));
  const lower = [...trees.map((tree) => join(tree, 'usr')), '/usr'].join(':');
  const mounts = [
    'mount --make-rprivate /',
    `mount -t tmpfs none ${folder}/upper && mkdir ${folder}/upper/u ${folder}/upper/w`,
    `mount -t overlay none -o lowerdir=${lower},upperdir=${folder}/upper/u,workdir=${folder}/upper/w /usr`,
    `mount --bind ${etc} /etc`,
    'mount -t tmpfs none /run',
    'echo ready; exec sleep infinity',
  ].join(' && ');
  appendFileSync(join(etc, 'shells'), '/usr/bin/odd-shell\n');
  const holder = spawn('unshare', ['--mount', 'sh', '-c', mounts], { stdio: ['ignore', 'pipe', 'inherit'] });
  waitFor(() => execFileSync('sh', ['-c', `readlink /proc/${holder.pid}/exe`], { encoding: 'utf8' }).includes('sleep'));
  const inside = ['nsenter', '-t', String(holder.pid), '--mount'] as const;
  const put: BecomeWorld['put'] = (path, content, mode) => {
    const words = ['sh', '-c', 'cat >"$1" && chmod "$2" "$1"', 'sh', path, mode.toString(8)];
    execFileSync(inside[0], [...inside.slice(1), ...words], { input: content });
  };
  put('/usr/bin/odd-shell', '#!/bin/sh\necho "unknown word: $2" >&2\nexit 9\n', 0o755);
  return {
    inside,
    as: (user) => [...inside, 'setpriv', '--reuid', user, '--regid', user, '--init-groups', '--'],
    put,
    close: () => {
      holder.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeUsers(etc: string, alices: string): void {
  const users = [
    ['alice', 61001, '/bin/bash', alices],
    ['bob', 61002, '/bin/bash', 'unused'],
    ['carol', 61003, '/bin/bash', 'correct horse'],
    ['fern', 61004, '/usr/bin/odd-shell', 'fern of the wood'],
    ['root', 0, '/bin/bash', 'top secret'],
  ] as const;
  const add = (file: string, keep: (line: string) => boolean, lines: readonly string[]): void => {
    const before = execFileSync('cat', [join(etc, file)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .filter(keep);
    writeFileSync(join(etc, file), `${[...before, ...lines].join('\n')}\n`);
  };
  const others = users.filter(([name]) => name !== 'root');
  const hash = (password: string): string =>
    execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
  add(
    'passwd',
    () => true,
    others.map(([name, id, shell]) => `${name}:x:${id}:${id}::/tmp:${shell}`),
  );
  add(
    'group',
    () => true,
    others.map(([name, id]) => `${name}:x:${id}:`),
  );
  add(
    'shadow',
    (line) => !line.startsWith('root:'),
    users.map(([name, , , password]) => `${name}:${hash(password)}:19000:0:99999:7:::`),
  );
}

// Debian's packages, taken apart beside the machine instead of being installed on it.
function unpack(name: string): string {
  const tree = join(cache, name);
  if (existsSync(join(tree, 'usr'))) return tree;
  const folder = mkdtempSync(join(tmpdir(), 'cairn-deb-'));
  execFileSync('apt-get', ['download', '-q', name], { cwd: folder, stdio: 'ignore' });
  const [deb] = readdirSync(folder);
  if (!deb) throw new Error(`apt-get downloaded no ${name}`);
  mkdirSync(cache, { recursive: true });
  execFileSync('dpkg-deb', ['-x', join(folder, deb), tree]);
  rmSync(folder, { recursive: true, force: true });
  return tree;
}

function waitFor(isTrue: () => boolean): void {
  const until = Date.now() + 100_000;
  while (!isTrue()) {
    if (Date.now() > until) throw new Error('the namespace was not ready within 100 s');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}
