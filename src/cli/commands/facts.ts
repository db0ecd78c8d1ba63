import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { HostFacts } from '../../model/host.ts';
import { factsView, whyLines } from '../../report/views/hosts-view.ts';
import type { FactsCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { askHosts, type OnHost } from '../on-hosts.ts';
import { reportFor } from '../session.ts';

/** `cairn facts`: what hosts say of themselves; nothing is changed. */
export async function facts(command: FactsCommand, terminal: Terminal): Promise<ExitCode> {
  const report = reportFor(terminal, command);
  const show = (result: OnHost<HostFacts>): void => {
    if (command.json) report.print(JSON.stringify(result));
  };
  try {
    const results = await askHosts(command, terminal, (reader) => reader.ask({ ask: 'facts' }), show);
    const answered = results.filter((result) => result.is === 'answered');
    if (!command.json && answered.length > 0) report.print(factsView(answered));
    if (!command.json)
      for (const result of results)
        if (result.is !== 'answered') for (const line of whyLines(result)) report.warn(line);
    return answered.length === results.length ? exitCodes.converged : exitCodes.failed;
  } finally {
    await report.close();
  }
}
