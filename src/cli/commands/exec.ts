import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { RunResult } from '../../model/host.ts';
import { execLines, execSum } from '../../report/views/hosts-view.ts';
import type { ExecCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { askHosts, type OnHost } from '../on-hosts.ts';
import { reportFor } from '../session.ts';

/** Seconds. */
const patience = 300;

/** `cairn exec`: runs a command on hosts, as it stands, without a shell; nothing is journaled, and nothing can be undone. */
export async function exec(command: ExecCommand, terminal: Terminal): Promise<ExitCode> {
  const report = reportFor(terminal, command);
  const { argv, timeout } = command;
  const spec = { argv, timeout: timeout === undefined ? patience : timeout / 1000 };
  const show = (result: OnHost<RunResult>): void => {
    if (command.json) {
      report.print(JSON.stringify(result));
      return;
    }
    const { out, err } = execLines(result);
    for (const line of command.quiet ? [] : out) report.print(line);
    for (const line of err) report.warn(line);
  };
  try {
    const results = await askHosts(command, terminal, (reader) => reader.ask({ ask: 'run', ...spec }), show);
    const good = results.filter((result) => result.is === 'answered' && result.answer.status === 0).length;
    if (!command.json && results.length > 1) report.warn(execSum(results.length, good));
    return good === results.length ? exitCodes.converged : exitCodes.failed;
  } finally {
    await report.close();
  }
}
