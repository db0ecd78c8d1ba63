import type { Diagnostic } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { findRoot } from '../../project/project-file.ts';
import { problemsView } from '../../report/views/problems-view.ts';
import type { LintCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { loadWhole } from '../load.ts';
import { playbooksOf } from '../playbooks.ts';
import { colorOf, reportFor } from '../session.ts';

/** `cairn lint`: every problem of the input, of one playbook or of all, without contacting anything. */
export async function lint(command: LintCommand, terminal: Terminal): Promise<ExitCode> {
  const root = findRoot(terminal.cwd);
  const playbooks = command.playbook === undefined ? playbooksOf(root) : [command.playbook];
  const found = new Map<string, Diagnostic>();
  for (const playbook of playbooks) {
    const { problems } = await loadWhole(root, playbook, command, terminal);
    for (const one of problems) found.set(keyOf(one), one);
  }
  const problems = [...found.values()];
  const report = reportFor(terminal, command);
  if (command.json) for (const diagnostic of problems) report.emit({ type: 'notice', diagnostic });
  else if (!command.quiet || problems.length > 0)
    report.print(problemsView(problems, { color: colorOf(terminal), root }));
  await report.close();
  return problems.some(({ severity }) => severity === 'error') ? exitCodes.badInput : exitCodes.converged;
}

function keyOf({ summary, source }: Diagnostic): string {
  return `${source?.file}:${source?.line}:${source?.column} ${summary}`;
}
