import { CairnError, diagnosticsOf } from '../model/diagnostic.ts';
import { exitCodes } from '../model/event.ts';
import { wantsColor } from '../report/style.ts';
import type { Command } from './args/command.ts';
import { parseArgs } from './args/parse.ts';
import type { Terminal } from './ask.ts';

/**
 * The whole program: understands the words, carries the command out, and says what to tell the shell.
 * @param argv words after the program's name
 * @returns one of the exit codes; of `cairn shell` what the shell ended with
 */
export async function main(argv: readonly string[], version: string): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const terminal: Terminal = { stdin, stdout, stderr, env, cwd: process.cwd(), release: version };
  const command = parseArgs(argv, version);
  try {
    return await carryOut(command, terminal);
  } catch (error) {
    const color = wantsColor(env, stderr.isTTY === true);
    const { redactingWriter } = await import('../report/sinks/writer.ts');
    const { problemsView } = await import('../report/views/problems-view.ts');
    const writer = redactingWriter(stderr, (stderr.isTTY && stderr.columns) || Number.POSITIVE_INFINITY);
    writer.line(problemsView(diagnosticsOf(error), { color, root: terminal.cwd }));
    return error instanceof CairnError && error.code !== 'internal' ? exitCodes.badInput : exitCodes.failed;
  }
}

// Each command is loaded when it is asked for, so that a short one starts fast.
async function carryOut(command: Command, terminal: Terminal): Promise<number> {
  switch (command.name) {
    case 'text':
      terminal.stdout.write(command.text.endsWith('\n') ? command.text : `${command.text}\n`);
      return exitCodes.converged;
    case 'wrong':
      throw new CairnError(...command.problems);
    case 'plan':
      return (await import('./commands/plan.ts')).plan(command, terminal);
    case 'up':
      return (await import('./commands/up.ts')).up(command, terminal);
    case 'verify':
      return (await import('./commands/verify.ts')).verify(command, terminal);
    case 'undo':
      return (await import('./commands/undo.ts')).undo(command, terminal);
    case 'forget':
      return (await import('./commands/forget.ts')).forget(command, terminal);
    case 'lint':
      return (await import('./commands/lint.ts')).lint(command, terminal);
    case 'status':
      return (await import('./commands/status.ts')).status(command, terminal);
    case 'history':
      return (await import('./commands/history.ts')).history(command, terminal);
    case 'explain':
      return (await import('./commands/explain.ts')).explain(command, terminal);
    case 'inventory':
      return (await import('./commands/inventory.ts')).inventory(command, terminal);
    case 'exec':
      return (await import('./commands/exec.ts')).exec(command, terminal);
    case 'fetch':
      return (await import('./commands/fetch.ts')).fetch(command, terminal);
    case 'shell':
      return (await import('./commands/shell.ts')).shell(command, terminal);
    case 'facts':
      return (await import('./commands/facts.ts')).facts(command, terminal);
    case 'cluster':
      return (await import('./commands/cluster.ts')).cluster(command, terminal);
    case 'completion':
      return (await import('./commands/completion.ts')).completion(command, terminal);
  }
}
