import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathOf } from '../../test/rig/programs.ts';
import { installAnsible } from '../ansible.ts';
import type { Command } from '../measure.ts';
import { files, type Work } from './work.ts';

/** Somebody who can make the work true. */
export interface Contender {
  readonly name: string;
  readonly apply: (work: Work) => Command;
  /** Shows what it would do, if it can. */
  readonly plan?: (work: Work) => Command;
  /** Takes its time: measured in the first round alone. */
  readonly slow?: true;
}

const root = join(import.meta.dirname, '..', '..');

const source = join(root, 'bin', 'cairn.mjs');

/** What `cairn up` costs. @param launcher of an installed package, or of this checkout */
export function cairnUp(launcher: string): (work: Work) => Command {
  return cairn(launcher, ['up', 'playbooks/bench.yaml', '--yes', '--quiet']);
}

// Its state and journal lie in the work's folder.
function cairn(launcher: string, words: readonly string[]): (work: Work) => Command {
  return ({ folder }) => ({
    program: process.execPath,
    words: [launcher, ...words],
    cwd: join(folder, files.project),
    env: { XDG_STATE_HOME: join(folder, 'state') },
  });
}

function cairnContender(name: string, launcher: string): Contender {
  return { name, apply: cairnUp(launcher), plan: cairn(launcher, ['plan', 'playbooks/bench.yaml', '--quiet']) };
}

/**
 * Everybody, Cairn first.
 * @param kubeconfig its current context is what kubectl, Ansible and the client use
 * @param packed launcher of an installed package
 */
export function contenders(kubeconfig: string, packed: string): readonly Contender[] {
  const env = { KUBECONFIG: kubeconfig };
  const programs = installAnsible();
  const quiet = { ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False' };
  const python = { ANSIBLE_PYTHON_INTERPRETER: join(programs, 'python'), LC_ALL: 'C.UTF-8' };
  const ansible = (file: string, ...words: readonly string[]): ((work: Work) => Command) => {
    return ({ folder }) => ({
      program: join(programs, 'ansible-playbook'),
      words: [...words, file],
      cwd: folder,
      env: { ...env, ...quiet, ...python, ANSIBLE_LOCAL_TEMP: join(folder, 'ansible') },
    });
  };
  return [
    cairnContender('Cairn, installed', packed),
    cairnContender('Cairn, from source', source),
    {
      name: '`@kubernetes/client-node`, server-side apply alone',
      apply: ({ folder }) => ({
        program: process.execPath,
        words: [join(import.meta.dirname, 'bare-client.ts'), files.objects],
        cwd: folder,
        env,
      }),
    },
    ...kubectls().flatMap((kubectl) => kubectlContenders(kubectl, env)),
    { name: 'kubernetes.core, all in one task', apply: ansible(files.oneTask) },
    {
      name: 'kubernetes.core, a task each',
      apply: ansible(files.tasks),
      plan: ansible(files.tasks, '--check', '--diff'),
      slow: true,
    },
  ];
}

interface Kubectl {
  readonly program: string;
  /** `v1.34.4`. */
  readonly version: string;
}

/** The rig's own, and the one on the PATH where that is another: releases differ tenfold here. */
function kubectls(): readonly Kubectl[] {
  const all = [pathOf('kubectl'), 'kubectl'].flatMap((program): readonly Kubectl[] => {
    const { status, stdout } = spawnSync(program, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
    return status === 0 ? [{ program, version: JSON.parse(stdout).clientVersion.gitVersion }] : [];
  });
  return all.filter(({ version }, i) => all.findIndex((other) => other.version === version) === i);
}

function kubectlContenders({ program, version }: Kubectl, env: NodeJS.ProcessEnv): readonly Contender[] {
  const once = program === 'kubectl' ? ({ slow: true } as const) : {};
  const apply = (...words: readonly string[]): Contender['apply'] => {
    return ({ folder }) => ({ program, words: ['apply', ...words, '-f', files.objects], cwd: folder, env });
  };
  return [
    { name: `\`kubectl apply --server-side\`, ${version}`, apply: apply('--server-side'), ...once },
    { name: `\`kubectl apply\`, ${version}`, apply: apply(), ...once },
  ];
}
