import { join } from 'node:path';
import { http } from '../connect/http/http.ts';
import { FileJournal } from '../journal/file-journal.ts';
import { CairnError, type Diagnostic } from '../model/diagnostic.ts';
import type { Selection } from '../model/journal.ts';
import type { HostTarget, Project } from '../model/project.ts';
import type { CompiledStep } from '../plan/compile.ts';
import { findRoot } from '../project/project-file.ts';
import { createReport, type Report } from '../report/report.ts';
import { wantsColor } from '../report/style.ts';
import { againOf } from './args/again.ts';
import type { Common, Working } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { becomePasswordFor } from './become-password.ts';
import { LiveConnections } from './connections.ts';
import { load } from './load.ts';
import { type Access, openersFor } from './openers.ts';
import { Pins } from './pins.ts';
import { gitOf, toolsOf } from './tools.ts';
import { traceTo } from './trace-io.ts';

/** A loaded project with everything a command works with. */
export interface Session {
  readonly project: Project;
  readonly compiled: readonly CompiledStep[];
  readonly connections: LiveConnections;
  readonly journal: FileJournal;
  readonly color: boolean;
  readonly width: number;
  close(): Promise<void>;
}

export interface Wanted {
  readonly playbook: string;
  readonly inventory?: string;
  readonly selection: Selection;
  readonly acceptNewHostKeys?: boolean;
  /** For the way back, which needs no charts and no manifests. */
  readonly undo?: boolean;
  readonly askBecomePassword?: boolean;
  readonly traceIo?: string;
}

/**
 * Loads and checks a project; nothing is contacted yet.
 * @throws CairnError with all input problems at once
 */
export async function openSession(terminal: Terminal, wanted: Wanted, access: Access): Promise<Session> {
  const { project, compiled } = await loadGood(terminal, wanted);
  const { folder } = project.journal;
  const closers: (() => void)[] = [];
  const becomePassword = await becomePasswordFor(terminal, hostsOf(project), wanted);
  const openers = openersFor(access, folder, {
    onOpen: (close) => closers.push(close),
    acceptNewHostKeys: wanted.acceptNewHostKeys ?? false,
    ...(becomePassword ? { becomePassword } : {}),
    ...(wanted.traceIo === undefined ? {} : { trace: traceTo(wanted.traceIo, terminal) }),
  });
  const connections = new LiveConnections(openers, new Pins(join(folder, 'clusters.json')), {
    http,
    git: gitOf(terminal.env),
    tools: toolsOf(project.root, terminal.env),
  });
  const journal = new FileJournal(project.journal);
  return {
    project,
    compiled,
    connections,
    journal,
    color: colorOf(terminal),
    width: widthOf(terminal),
    async close() {
      await journal.close();
      await connections.close();
      for (const close of closers) close();
    },
  };
}

function hostsOf({ instances }: Project): readonly HostTarget[] {
  return [...new Set(instances.flatMap(({ target }) => (target.kind === 'host' ? [target] : [])))];
}

async function loadGood(
  { cwd, env }: Terminal,
  { playbook, inventory, selection, undo = false }: Wanted,
): Promise<Pick<Session, 'project' | 'compiled'>> {
  const { project, compiled, problems } = await load(
    {
      root: findRoot(cwd),
      playbook,
      ...(inventory === undefined ? {} : { inventory }),
      set: selection.set,
      selection,
      env,
      cwd,
    },
    { sources: !undo },
  );
  if (!project) throw new BadInput(problems);
  return { project, compiled };
}

/** Input problems: nothing was touched. */
export class BadInput extends CairnError {
  constructor(problems: readonly Diagnostic[]) {
    const [first, ...more] = problems;
    super(first ?? { severity: 'error', code: 'bad-input', summary: 'the input is wrong' }, ...more);
  }
}

export function colorOf({ env, stdout }: Terminal): boolean {
  return wantsColor(env, stdout.isTTY === true);
}

function widthOf({ stdout }: Terminal): number {
  return (stdout.isTTY && stdout.columns) || Number.POSITIVE_INFINITY;
}

/** The report of a run, with its saved log where there is a run. */
export function reportFor(terminal: Terminal, command: Common | Working, logFile?: string): Report {
  return createReport({
    stdout: terminal.stdout,
    stderr: terminal.stderr,
    isTTY: terminal.stdout.isTTY === true,
    json: command.json,
    quiet: command.quiet,
    verbose: command.verbose,
    color: colorOf(terminal),
    again: againOf(command),
    ...(logFile === undefined ? {} : { logFile }),
  });
}

export function logFileOf(project: Project, run: string): string {
  return join(project.journal.folder, 'logs', `${run}.log`);
}
