import { oldCopies } from '../journal/ledger/old-copies.ts';
import { CairnError } from '../model/diagnostic.ts';
import type { RunContext, RunState } from '../run/context.ts';
import type { Session } from './session.ts';

/** Days for which hosts keep copies of large files that undo to the baseline doesn't need. */
const usually = 90;

/** Has hosts drop copies that nothing needs any more, after a run that wrote something. What fails now is done by a later run. */
export async function dropOldCopies(session: Session, { clock }: RunContext, state: RunState): Promise<void> {
  if (!state.started) return;
  const { project, connections, journal } = session;
  const old = oldCopies(await journal.entries(), project.journal.keepCopies ?? usually, clock.date());
  if (old.size === 0) return;
  const hosts = new Set(project.instances.map(({ target }) => target).filter(({ kind }) => kind === 'host'));
  for (const target of hosts) {
    const opened = await connections.open(target);
    const copies = opened.is === 'open' ? (old.get(opened.id) ?? []) : [];
    if (opened.is !== 'open' || !opened.host || copies.length === 0) continue;
    const operations = copies.map((copy) => ({ do: 'drop-copy', ...copy }) as const);
    await opened.host.writer.change({ guards: [], operations, readBack: [] }).catch(ignoreLoss);
  }
}

function ignoreLoss(error: unknown): void {
  if (!(error instanceof CairnError)) throw error;
}
