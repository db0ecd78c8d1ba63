import type { Counts, Outcome } from '../../model/event.ts';
import type { Entry, Selection } from '../../model/journal.ts';

/** A run as the journal remembers it. */
export interface RunRecord {
  readonly run: string;
  readonly command: 'up' | 'undo' | 'verify' | 'forget';
  readonly playbook: string;
  readonly inventory: string;
  /** As it last began. */
  readonly selection: Selection;
  /** When it first began, ISO 8601. */
  readonly at: string;
  /** Missing when it never ended: it was killed, or is still on its way. `ms` counts from its last beginning. */
  readonly end?: { readonly code: number; readonly at: string; readonly ms: number };
  /** What it changed, each address once; temporary things don't count. */
  readonly counts: Counts;
  /** Ids of the targets it wrote to. */
  readonly targets: readonly string[];
  /** Of `forget`: what it was to let go of. */
  readonly addresses?: readonly string[];
}

/** A run that began and never ended, with what of it is known. A resumed run keeps its id. */
export interface UnfinishedRun extends RunRecord {
  /** Steps that ended well. */
  readonly steps: readonly { readonly step: string; readonly target: string }[];
  /** Writes whose end was noted. */
  readonly done: readonly RunWrite[];
  /** Writes that were intended and may or may not have happened: only a look at the world tells. */
  readonly open: readonly RunWrite[];
}

export interface RunWrite {
  readonly target: string;
  readonly address: string;
  readonly title: string;
}

/** Every run, oldest first. Pure. */
export function runsOf(entries: readonly Entry[]): readonly RunRecord[] {
  return group(entries).map(summarize);
}

/** The id of every run. Pure. */
export function runIds(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.map(({ run }) => run));
}

/** The runs that never ended, oldest first. Pure. */
export function unfinished(entries: readonly Entry[]): readonly UnfinishedRun[] {
  return group(entries).flatMap((own) => {
    const run = summarize(own);
    return run.end ? [] : [{ ...run, ...writesOf(own) }];
  });
}

type Started = Extract<Entry, { is: 'run-started' }>;

interface OwnEntries {
  readonly first: Started;
  readonly entries: readonly Entry[];
}

function group(entries: readonly Entry[]): readonly OwnEntries[] {
  return [...Map.groupBy(entries, ({ run }) => run).values()].flatMap((own) => {
    const first = own.find((entry) => entry.is === 'run-started');
    return first ? [{ first, entries: own }] : [];
  });
}

function summarize({ first, entries }: OwnEntries): RunRecord {
  const started = entries.findLast((entry) => entry.is === 'run-started') ?? first;
  const { run, command, playbook, inventory, at } = first;
  const { selection } = started;
  const targets = [...new Set(entries.flatMap((entry) => (entry.is === 'intent' ? [entry.target] : [])))];
  const known = {
    ...{ run, command, playbook, inventory, selection, at, counts: countsOf(entries), targets },
    ...(command === 'forget' ? { addresses: addressesOf(entries) } : {}),
  };
  const last = entries.findLast((entry) => entry.is === 'run-started' || entry.is === 'run-finished');
  if (last?.is !== 'run-finished') return known;
  return { ...known, end: { code: last.code, at: last.at, ms: Date.parse(last.at) - Date.parse(started.at) } };
}

function addressesOf(entries: readonly Entry[]): readonly string[] {
  const intents = entries.flatMap((entry) => (entry.is === 'intent' ? entry.intents : []));
  return [...new Set(intents.map(({ address }) => address))];
}

function countsOf(entries: readonly Entry[]): Counts {
  const outcomes = new Map<string, Outcome>();
  for (const entry of entries) {
    if (entry.is !== 'done') continue;
    const key = `${entry.target}\0${entry.address}`;
    const before = outcomes.get(key);
    if (before === 'created' && entry.outcome === 'removed') outcomes.delete(key);
    else if (before === undefined || before === 'unchanged') outcomes.set(key, entry.outcome as Outcome);
  }
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function writesOf({ entries }: OwnEntries): Pick<UnfinishedRun, 'steps' | 'done' | 'open'> {
  const writes = new Map<string, RunWrite & { done: boolean }>();
  for (const entry of entries) {
    if (entry.is === 'intent') {
      const { target } = entry;
      for (const { address, title } of entry.intents)
        writes.set(key(target, address), { target, address, title, done: false });
    } else if (entry.is === 'done') {
      const write = writes.get(key(entry.target, entry.address));
      if (write) write.done = true;
    }
  }
  const known = [...writes.values()];
  const plain = (done: boolean) =>
    known.filter((write) => write.done === done).map(({ target, address, title }) => ({ target, address, title }));
  const finished = entries.filter((entry) => entry.is === 'step-finished').filter(({ ok }) => ok);
  const steps = finished.map(({ step, target }) => ({ step, target }));
  return { steps, done: plain(true), open: plain(false) };
}

function key(target: string, address: string): string {
  return `${target}\0${address}`;
}
