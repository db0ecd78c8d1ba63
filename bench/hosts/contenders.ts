import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installAnsible, installMitogen } from '../ansible.ts';
import type { Command } from '../measure.ts';
import { ansibleFiles } from './ansible-project.ts';
import { projectFolder } from './cairn-project.ts';
import type { Farm } from './farm.ts';
import { type ScenarioName, scenarios } from './workloads.ts';

/** What is to be done, and how: over a short line, a long one, or as root by sudo. */
export interface Job {
  readonly scenario: ScenarioName;
  readonly line: 'near' | 'far' | 'sudo';
}

/** Somebody who can do the work. */
export interface Contender {
  readonly name: string;
  readonly is: 'cairn' | 'bare' | 'ansible' | 'mitogen';
  readonly apply: (job: Job) => Command;
  /** Shows what it would do, if it can. */
  readonly plan?: (job: Job) => Command;
  /** Connections that outlive a run are ended, so that each begins cold. */
  readonly rest?: () => void;
}

/** What a command of Cairn's costs. @param words what follows `cairn` */
export function cairn(farm: Farm, launcher: string, words: readonly string[]): Command {
  return {
    program: process.execPath,
    words: [launcher, ...words],
    cwd: join(farm.folder, projectFolder),
    env: { HOME: join(farm.folder, 'home'), XDG_STATE_HOME: join(farm.folder, 'state'), SSH_AUTH_SOCK: undefined },
  };
}

/**
 * Cairn, the bare client in three ways, and each Ansible that is here or can be installed.
 * @param launcher of an installed package
 * @param failures gets a line for each that can't
 */
export function contenders(farm: Farm, launcher: string, failures: string[]): readonly Contender[] {
  return [cairnContender(farm, launcher), ...bareContenders(farm), ...ansibleContenders(farm, failures)];
}

export const bareNames = {
  channels: 'bare ssh2, a channel a task',
  careful: 'bare ssh2, with journal and verification',
  script: 'bare ssh2, one script',
} as const;

/** Words of the command that does a job, after `cairn`. */
export function upWords({ scenario, line }: Job): readonly string[] {
  return ['up', `playbooks/${scenario}.yaml`, '-i', `inventory/${line}`, '--yes', '--quiet'];
}

function cairnContender(farm: Farm, launcher: string): Contender {
  return {
    name: 'Cairn',
    is: 'cairn',
    apply: (job) => cairn(farm, launcher, upWords(job)),
    plan: ({ scenario, line }) =>
      cairn(farm, launcher, ['plan', `playbooks/${scenario}.yaml`, '-i', `inventory/${line}`]),
  };
}

function bareContenders({ folder }: Farm): readonly Contender[] {
  const program = join(import.meta.dirname, 'bare-ssh2.ts');
  return Object.entries(bareNames).map(([mode, name]) => ({
    name,
    is: 'bare',
    apply: ({ scenario, line }) => ({
      program: process.execPath,
      words: [program, scenario, mode, folder, line],
      cwd: folder,
    }),
  }));
}

interface AnsibleProgram {
  readonly program: string;
  /** `ansible-core 2.19.14`. */
  readonly version: string;
  /** Folder of Mitogen's strategy plugins. */
  readonly mitogen: string | undefined;
}

function ansibleContenders(farm: Farm, failures: string[]): readonly Contender[] {
  return ansiblePrograms(failures).flatMap(({ program, version, mitogen }) => {
    const named = (what: string, is: Contender['is'], env: NodeJS.ProcessEnv): Contender => ({
      name: `${version}, ${what}`,
      is,
      apply: playbook(farm, program, env, []),
      plan: playbook(farm, program, env, ['--check', '--diff']),
      rest: () => endConnections(farm),
    });
    const pipelining = named('pipelining', 'ansible', { ANSIBLE_PIPELINING: 'True' });
    const env = { ANSIBLE_PIPELINING: 'True', ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: mitogen };
    return mitogen === undefined ? [pipelining] : [pipelining, named('Mitogen', 'mitogen', env)];
  });
}

function playbook(farm: Farm, program: string, env: NodeJS.ProcessEnv, words: readonly string[]): Contender['apply'] {
  return ({ scenario, line }) => {
    const forks = ['-f', String(scenarios[scenario].hosts)];
    return ansible(farm, { program, env }, [...playWords(farm, scenario, line), ...forks, ...words]);
  };
}

function playWords({ folder }: Farm, name: string, line: Job['line']): readonly string[] {
  return ['-i', join(folder, ansibleFiles[line]), join(folder, ansibleFiles.playbook(name))];
}

/** Facts of all hosts, by each Ansible that is here. */
export function ansibleFacts(farm: Farm): readonly Command[] {
  return ansiblePrograms([]).map(({ program }) => {
    const words = [...playWords(farm, 'facts', 'near'), '-f', String(farm.hosts.length)];
    return ansible(farm, { program, env: { ANSIBLE_PIPELINING: 'True' } }, words);
  });
}

// A run of an Ansible program in the farm's project.
function ansible(
  { folder, knownHosts }: Farm,
  { program, env }: { readonly program: string; readonly env: NodeJS.ProcessEnv },
  words: readonly string[],
): Command {
  const ssh = `-C -o ControlMaster=auto -o ControlPersist=60s -F none -o UserKnownHostsFile=${knownHosts}`;
  const common = { ANSIBLE_CONFIG: join(folder, ansibleFiles.config), ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' };
  return { program, words, cwd: folder, env: { ...common, ANSIBLE_SSH_ARGS: ssh, ...env } };
}

// The system's, and a current one with the Mitogen that goes with it.
function ansiblePrograms(failures: string[]): readonly AnsibleProgram[] {
  const installed = <T>(what: string, install: () => T): T | undefined => {
    try {
      return install();
    } catch (error) {
      failures.push(`${what} from PyPI: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
      return undefined;
    }
  };
  const folder = installed('a current Ansible', installAnsible);
  const mitogen = folder === undefined ? undefined : installed('Mitogen', installMitogen);
  const current = folder === undefined ? [] : [{ program: join(folder, 'ansible-playbook'), mitogen }];
  const system = {
    program: '/usr/bin/ansible-playbook',
    mitogen: ['/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy'].find(existsSync),
  };
  return [system, ...current].flatMap((one): readonly AnsibleProgram[] => {
    const { status, stdout } = spawnSync(one.program, ['--version'], { encoding: 'utf8' });
    const [, version] = /\[core ([\d.]+)/.exec(stdout ?? '') ?? [];
    return status === 0 ? [{ ...one, version: `ansible-core ${version}` }] : [];
  });
}

/** Ends what ssh keeps open after a run. */
export function endConnections({ folder }: Farm): void {
  const sockets = join(folder, ansibleFiles.control);
  for (const name of readdirSync(sockets))
    spawnSync('ssh', ['-F', 'none', '-o', `ControlPath=${join(sockets, name)}`, '-O', 'exit', 'x']);
}
