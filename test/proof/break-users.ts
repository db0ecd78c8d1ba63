import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cairn } from '../e2e/rig.ts';
import { type Break, breakOf, type Wreck } from './break.ts';
import { demand, up } from './wreck.ts';

type Described = readonly [name: string, wreck: Wreck];

const user = 'cairn-proof-user';
const playbook = 'playbooks/devpi.yaml';
const steps = 'devpi/85-86';
const set = [`devpi.cliUser=${user}`];
const at = (path: string): string => join('/home', user, path);
const tools = at('devpi-scripts/client');

/** Makes a user of this machine and installs what users get. */
export async function openUser(): Promise<void> {
  removeUser();
  execFileSync('useradd', ['-m', '-s', '/bin/bash', user]);
  await up(playbook, steps, set);
}

/** Takes back what the user got; then the user goes, with the home. */
export async function closeUser(): Promise<void> {
  demand(await cairn('undo', playbook, '--only', steps, '--yes', ...set.flatMap((one) => ['--set', one])));
  removeUser();
}

function removeUser(): void {
  if (existsSync(at('.'))) execFileSync('userdel', ['-r', '-f', user], { stdio: 'ignore' });
}

/** Changes a file of the user's, until it is changed back. */
function edited(path: string, change: (text: string) => string): Required<Pick<Wreck, 'break' | 'undo'>> {
  let before = '';
  return {
    async break() {
      before = readFileSync(at(path), 'utf8');
      writeFileSync(at(path), change(before));
    },
    undo: async () => writeFileSync(at(path), before),
  };
}

const elsewhere = 'https://elsewhere.example.org';
const client: readonly Described[] = [
  [
    "the scripts of a host's user lead elsewhere",
    { break: edited('devpi-scripts/settings', (text) => text.replace(/^url=.*/m, `url='${elsewhere}'`)).break },
  ],
  ["a script of a host's user can't be run", { break: async () => chmodSync(at('devpi-scripts/devpi-upload'), 0o644) }],
  [
    "the client of a host's user has lost its Python",
    {
      async break() {
        rmSync(`${tools}/bin/python3`);
        symlinkSync('/bin/false', `${tools}/bin/python3`);
      },
      async undo() {
        rmSync(tools, { recursive: true });
        await up(playbook, steps, set);
      },
    },
  ],
  [
    'pip of a host asks another index',
    {
      break: edited('.config/pip/pip.conf', (text) => text.replace(/^index-url.*/m, `index-url = ${elsewhere}`)).break,
    },
  ],
  [
    "a user's own setting takes pip elsewhere",
    edited('.config/pip/pip.conf', (text) => `${text}[download]\nindex-url = ${elsewhere}\n`),
  ],
];

const shell: readonly Described[] = [
  ["a user's .bashrc ends before it comes to the helpers", edited('.bashrc', (text) => `return\n${text}`)],
  ['an alias stands before a helper', edited('.bashrc', (text) => `${text}alias devpi-login=false\n`)],
  [
    'the helpers are taken out of .bashrc',
    {
      break: edited('.bashrc', (text) => text.replace(/^# BEGIN devpi helpers\n.*\n# END devpi helpers\n/m, '')).break,
    },
  ],
  [
    'a login shell reads a new file, and not the one with the helpers',
    { break: async () => appendFileSync(at('.bash_profile'), 'umask 022\n') },
  ],
];

/** What can go wrong with what users of hosts get. */
export const userBreaks: readonly Break[] = [
  ...client.map(([name, wreck]) => breakOf('devpi', 'devpi/85_cli_setup', name, { ...wreck, set })),
  ...shell.map(([name, wreck]) => breakOf('devpi', 'devpi/86_shell_config', name, { ...wreck, set })),
];
