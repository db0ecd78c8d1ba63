import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitRemote } from '../../model/git.ts';
import { reveal } from '../../model/secret.ts';
import type { SshAddress } from './address.ts';

/**
 * Lets `use` reach a repository: its key lies in a file that only its owner can read, in a folder of its own, as long as it
 * takes. Nobody's agent, settings or known hosts count besides.
 * @param use gets the environment for `git`, and the folder
 */
export async function withLogin<T>(
  { key, knownHosts, connectTo }: GitRemote,
  address: SshAddress,
  use: (env: Readonly<Record<string, string>>, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-git-'));
  try {
    const keyFile = join(folder, 'key');
    const hostsFile = join(folder, 'known_hosts');
    await writeFile(keyFile, `${reveal(key).trimEnd()}\n`, { mode: 0o600 });
    await writeFile(hostsFile, `${knownHosts.trimEnd()}\n`, { mode: 0o600 });
    const options = [
      `IdentityFile=${keyFile}`,
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      `UserKnownHostsFile=${hostsFile}`,
      'GlobalKnownHostsFile=/dev/null',
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      'ConnectTimeout=10',
      ...(connectTo === undefined ? [] : elsewhere(connectTo, address)),
    ];
    const command = ['ssh', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])];
    return await use({ HOME: folder, GIT_SSH_COMMAND: command.join(' '), GIT_SSH_VARIANT: 'ssh' }, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// It is still asked for the key of the host that is meant.
function elsewhere(connectTo: string, { host, port }: SshAddress): readonly string[] {
  const [to = '', at = String(port)] = connectTo.split(':');
  return [`HostName=${to}`, `Port=${at}`, `HostKeyAlias=${port === 22 ? host : `[${host}]:${port}`}`];
}
