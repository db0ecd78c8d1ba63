import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { ClusterTarget } from '../../model/project.ts';
import type { ClusterCommand, UndoCommand, Working } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { openSession, reportFor } from '../session.ts';
import { clearAway, whatGoesToo } from './cluster-clear.ts';
import { undo } from './undo.ts';
import { up } from './up.ts';

const playbook = 'playbooks/kind.yaml';

/** `cairn cluster up|down|status|kubeconfig`: the throw-away cluster, by its playbook. */
export async function cluster(command: ClusterCommand, terminal: Terminal): Promise<ExitCode> {
  const working: Working & { playbook: string } = { ...command, playbook, selection: { only: [], set: [] } };
  const consent = { allowReplace: false, allowDataLoss: [] };
  switch (command.action) {
    case 'up':
      return up({ ...working, ...consent, name: 'up', yes: command.yes, verify: true, disrupt: false }, terminal);
    case 'down':
      return down({ ...working, ...consent, name: 'undo', yes: command.yes, force: false, all: command.all }, terminal);
    case 'status':
      return status(command, terminal, working);
    case 'kubeconfig':
      return kubeconfig(terminal, working);
  }
}

async function down(command: UndoCommand, terminal: Terminal): Promise<ExitCode> {
  const say = (text: string): void => {
    if (!command.json && !command.quiet) terminal.stdout.write(text);
  };
  if (command.all) say(await whatGoesToo(terminal, command.inventory));
  const code = await undo(command, terminal);
  if (command.all && code === exitCodes.converged) say(`${await clearAway(terminal, command.inventory)}\n`);
  return code;
}

async function status(command: ClusterCommand, terminal: Terminal, wanted: Working): Promise<ExitCode> {
  const session = await openSession(terminal, { ...wanted, playbook }, 'read');
  const report = reportFor(terminal, command);
  try {
    const target = clusterOf(session.project.instances);
    const state = await session.connections.open(target);
    const text =
      state.is === 'open' ? 'is up' : state.is === 'absent' ? 'is not there' : `does not answer: ${state.why.summary}`;
    report.print(`cluster ${target.name} ${text}\n  kubeconfig  ${target.kubeconfig}\n  context     ${target.context}`);
    return state.is === 'open' ? exitCodes.converged : exitCodes.failed;
  } finally {
    await report.close();
    await session.close();
  }
}

async function kubeconfig(terminal: Terminal, wanted: Working): Promise<ExitCode> {
  const session = await openSession(terminal, { ...wanted, playbook }, 'read');
  try {
    terminal.stdout.write(`${clusterOf(session.project.instances).kubeconfig}\n`);
    return exitCodes.converged;
  } finally {
    await session.close();
  }
}

function clusterOf(instances: readonly { readonly cluster: ClusterTarget | undefined }[]): ClusterTarget {
  const target = instances.find((instance) => instance.cluster !== undefined)?.cluster;
  if (target) return target;
  throw new CairnError(problem('unknown-cluster', `${playbook} names no cluster`));
}
