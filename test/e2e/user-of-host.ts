import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { folderOf } from '../rig/folder.ts';
import { startSshd } from '../rig/sshd.ts';
import { type Ran, root, run } from './rig.ts';

/** A user made for a test, on this machine as its own sshd shows it. */
export interface UserOfHost {
  readonly home: string;
  /** Cairn with an inventory in which the machine is a host behind SSH, whose user works with the index. */
  cairn(...words: readonly string[]): Promise<Ran>;
  /** Logs in by `ssh`, at a terminal, and types these lines. */
  login(...lines: readonly string[]): Promise<Ran>;
  /** Every path of the home: sort, mode, owner, sum. */
  tree(): string;
  /** Ends the sshd, and removes the user with the home. */
  close(): Promise<void>;
}

/** @param shell its login shell */
export async function openUserOfHost(name: string, shell: string): Promise<UserOfHost> {
  const sshd = await startSshd();
  const home = `/home/${name}`;
  // Not locked, and without a password; sshd looks for the key as the user.
  execFileSync('useradd', ['-m', '-p', '*', '-s', shell, name]);
  chmodSync(sshd.folder, 0o711);
  writeFileSync(join(home, '.bashrc'), "# mine\nalias ll='ls -l'", { flag: 'a' });
  const inventory = inventoryOf(name, sshd);
  // Hosts are known by the home of the sshd; all else lies where it always does.
  const env = {
    HOME: sshd.home.home,
    XDG_STATE_HOME: process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'),
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  };
  const ssh = [
    '-tt',
    '-i',
    sshd.key,
    '-p',
    String(sshd.port),
    '-o',
    `UserKnownHostsFile=${sshd.home.home}/.ssh/known_hosts`,
  ];
  return {
    home,
    cairn: async (...words) =>
      await run(process.execPath, [join(root, 'bin', 'cairn.mjs'), ...words, '-i', inventory], env),
    login: async (...lines) => {
      const typed = [...lines, 'exit'].map((line) => `${line}\n`).join('');
      return await run('sh', ['-c', 'printf %s "$0" | ssh "$@"', typed, '-F', 'none', ...ssh, `${name}@127.0.0.1`]);
    },
    tree: () => execFileSync('sh', ['-c', tree], { cwd: home, encoding: 'utf8' }),
    close: async () => {
      await sshd.stop();
      execFileSync('userdel', ['-r', '-f', name], { stdio: 'ignore' });
    },
  };
}

const tree = "find . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f -exec sha256sum {} + | sort -k2";

function inventoryOf(user: string, { port, key }: { readonly port: number; readonly key: string }): string {
  const folder = join(folderOf('e2e'), user);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'inventory', 'local'), folder, { recursive: true });
  const host = {
    ansible_host: '127.0.0.1',
    ansible_port: port,
    ansible_user: 'root',
    ansible_ssh_private_key_file: key,
  };
  const users = { hosts: { workstation: host }, vars: { devpi: { cliUser: user } } };
  const hosts = { localhost: { ansible_connection: 'local', ansible_become: true } };
  writeFileSync(join(folder, 'hosts.yaml'), JSON.stringify({ all: { hosts, children: { devpi_users: users } } }));
  return folder;
}
