import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

// The PyPI package brings the collection kubernetes.core with it.
const packages = ['ansible==12.3.0', 'kubernetes==37.0.2'] as const;
const mitogen = 'mitogen==0.3.30';

const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'bench', 'ansible');
const programs = join(folder, 'bin');

/** Installs Ansible with kubernetes.core into a folder of its own, outside the checkout, once; answers its programs' folder. */
export function installAnsible(): string {
  if (!existsSync(join(programs, 'ansible-playbook'))) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    install(packages);
  }
  return programs;
}

/** Installs Mitogen beside it, once; answers the folder of its strategy plugins. */
export function installMitogen(): string {
  const code = 'import os, ansible_mitogen; print(os.path.dirname(ansible_mitogen.__file__))';
  const find = (): string => execFileSync(join(programs, 'python'), ['-c', code], { encoding: 'utf8', stdio: 'pipe' });
  let found: string;
  try {
    found = find();
  } catch {
    install([mitogen]);
    found = find();
  }
  return join(found.trim(), 'plugins', 'strategy');
}

function install(names: readonly string[]): void {
  console.error(`installing ${names.join(', ')} into ${folder}`);
  execFileSync(join(programs, 'pip'), ['install', '--quiet', ...names], { stdio: 'inherit' });
}
