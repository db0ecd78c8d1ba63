import { rmSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { execSum, fetchedLine, whyLines } from '../../report/views/hosts-view.ts';
import type { FetchCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { type Fetched, fetchFile, type Unfinished } from '../fetch-file.ts';
import { askHosts, type OnHost } from '../on-hosts.ts';
import { reportFor } from '../session.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `cairn fetch`: a file of each host, to DESTINATION/HOST/PATH on this machine. */
export async function fetch(command: FetchCommand, terminal: Terminal): Promise<ExitCode> {
  const report = reportFor(terminal, command);
  const show = (result: OnHost<Fetched>): void => {
    if (command.json) report.print(JSON.stringify(result));
    else if (result.is !== 'answered') for (const line of whyLines(result)) report.warn(line);
    else if (!command.quiet) report.print(fetchedLine(result));
  };
  const unfinished: Unfinished = new Set();
  const stop = (): never => {
    for (const file of unfinished) rmSync(file, { force: true });
    process.exit(exitCodes.interrupted);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    const { path } = command;
    const results = await askHosts(
      command,
      terminal,
      (reader, host) => fetchFile(reader, path, { file: fileFor(command, terminal, host), unfinished }),
      show,
    );
    const good = results.filter((result) => result.is === 'answered').length;
    if (!command.json && results.length > 1) report.warn(execSum(results.length, good));
    return good === results.length ? exitCodes.converged : exitCodes.failed;
  } finally {
    for (const signal of signals) process.off(signal, stop);
    await report.close();
  }
}

// A path without its dots stays beneath the folder of its host; a name must not lead out of it either.
function fileFor({ path, destination }: FetchCommand, { cwd }: Terminal, host: string): string {
  if (host === '.' || host === '..' || host.includes('/')) {
    throw new CairnError(problem('host-name', `${host} can't be the name of a folder`));
  }
  return join(resolve(cwd, destination), host, posix.normalize(path));
}
