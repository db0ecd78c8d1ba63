import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

// The PyPI package brings the collection kubernetes.core with it.
const packages = ['ansible==12.3.0', 'kubernetes==37.0.2'] as const;

/** Installs Ansible with kubernetes.core into a folder of its own, outside the checkout, once; answers its programs' folder. */
export function installAnsible(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'bench', 'ansible');
  const programs = join(folder, 'bin');
  if (!existsSync(join(programs, 'ansible-playbook'))) {
    console.error(`installing ${packages.join(', ')} into ${folder}`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(join(programs, 'pip'), ['install', '--quiet', ...packages], { stdio: 'inherit' });
  }
  return programs;
}
