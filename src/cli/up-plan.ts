import { baseline } from '../journal/ledger/baseline.ts';
import { runIds } from '../journal/ledger/runs.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import { type BuiltPlan, buildPlan } from '../plan/build.ts';
import type { CompiledStep } from '../plan/compile.ts';
import { withDropped } from '../plan/undo/dropped.ts';
import { type Declared, type Dropped, noLongerDeclared, settle } from '../plan/undo/ownership.ts';
import type { Working } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { systemClock } from './clock.ts';
import { loadWhole } from './load.ts';
import { playbooksOf } from './playbooks.ts';
import type { Session } from './session.ts';
import { typesOf } from './types.ts';

/** What `up` would do: what the chosen steps declare, and what they no longer do. */
export async function planUp(session: Session, command: Working, terminal: Terminal): Promise<BuiltPlan> {
  const { project, compiled, connections } = session;
  let read: Promise<DeclaredInProject> | undefined;
  const whole = () => (read ??= declaredInProject({ session, command, terminal }));
  const steps = compiled.filter(({ instance }) => instance.step.phase === 'up');
  const [built, entries] = await Promise.all([
    besidesOf(steps, whole).then((besides) => buildPlan(project, steps, connections, systemClock.now, besides)),
    session.journal.entries(),
  ]);
  const dropped = noLongerDeclared(built, baseline(entries), { isWhole: isWhole(command) });
  if (dropped.length === 0) return built;
  const settled = settleAmong(dropped, built, await whole());
  return withDropped(built, settled, {
    project,
    compiled,
    connections,
    types: typesOf(compiled),
    runs: runIds(entries),
  });
}

function isWhole({ selection: { only, from, limit } }: Working): boolean {
  return only.length === 0 && from === undefined && limit === undefined;
}

interface Asked {
  readonly session: Session;
  readonly command: Working;
  readonly terminal: Terminal;
}

/** What all playbooks of the project declare, and one that can't be read. */
interface DeclaredInProject {
  readonly known: readonly Declared[];
  readonly unread?: string;
}

// What looks at a host for what nobody declares must know of everything that is declared.
async function besidesOf(
  steps: readonly CompiledStep[],
  whole: () => Promise<DeclaredInProject>,
): Promise<readonly CompiledStep[] | undefined> {
  if (!steps.some(({ resources }) => resources.some(({ handle }) => handle.type.looks))) return undefined;
  const { known, unread } = await whole();
  if (unread === undefined) return known.flatMap(({ compiled }) => compiled);
  throw new CairnError(
    problem('not-read', `${unread} can't be read, and may declare what a purge would remove`, {
      help: `see  cairn lint ${unread}`,
    }),
  );
}

// A step that wasn't chosen, or another playbook, may declare it: only what nobody declares may go.
function settleAmong(
  dropped: readonly BaselineEntry[],
  built: BuiltPlan,
  { known, unread }: DeclaredInProject,
): readonly Dropped[] {
  if (unread !== undefined) return dropped.map((entry) => ({ entry, stays: `${unread} may: it can't be read` }));
  return settle(dropped, built, { others: known, types: typesOf(known.flatMap(({ compiled }) => compiled)) });
}

async function declaredInProject({ session: { project }, command, terminal }: Asked): Promise<DeclaredInProject> {
  const known: Declared[] = [];
  for (const playbook of new Set([...playbooksOf(project.root), project.playbook])) {
    const set = playbook === project.playbook ? command.selection.set : [];
    const inventory = command.inventory === undefined ? {} : { inventory: command.inventory };
    const loaded = await loadWhole(project.root, playbook, { ...inventory, set }, terminal);
    if (!loaded.project) return { known, unread: playbook };
    known.push({ playbook, compiled: loaded.compiled });
  }
  return { known };
}
