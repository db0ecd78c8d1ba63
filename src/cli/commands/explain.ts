import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { Explained } from '../../model/project.ts';
import { findRoot } from '../../project/project-file.ts';
import { explainView } from '../../report/views/explain-view.ts';
import type { ExplainCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { loadWhole } from '../load.ts';
import { playbooksOf } from '../playbooks.ts';
import { BadInput, colorOf, reportFor } from '../session.ts';

/** `cairn explain KEY`: a variable's value, where it was set, what it overrode, what it reaches. */
export async function explain(command: ExplainCommand, terminal: Terminal): Promise<ExitCode> {
  const root = findRoot(terminal.cwd);
  const playbooks = command.playbook === undefined ? playbooksOf(root) : [command.playbook];
  const explained = new Map<string, Explained>();
  for (const playbook of playbooks) {
    for (const one of await explainIn(root, playbook, command, terminal)) {
      const key = `${one.target} ${one.key}`;
      const reaches = [...new Set([...(explained.get(key)?.reaches ?? []), ...one.reaches])];
      explained.set(key, { ...one, reaches });
    }
  }
  if (explained.size === 0) {
    throw new CairnError(
      problem('unknown-variable', `no variable "${command.key}" reaches a step`, {
        help: 'names are dotted, as in devpi.image.tag',
      }),
    );
  }
  const report = reportFor(terminal, command);
  if (command.json) for (const one of explained.values()) report.print(JSON.stringify(one));
  else report.print(explainView([...explained.values()], { color: colorOf(terminal) }));
  await report.close();
  return exitCodes.converged;
}

async function explainIn(
  root: string,
  playbook: string,
  command: ExplainCommand,
  terminal: Terminal,
): Promise<readonly Explained[]> {
  const { project, problems } = await loadWhole(root, playbook, command, terminal);
  if (!project) throw new BadInput(problems);
  return project.explain(command.key);
}
