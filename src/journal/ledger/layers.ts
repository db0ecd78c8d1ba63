import type { BaselineEntry } from '../../model/baseline.ts';
import type { Entry, Intent } from '../../model/journal.ts';

type Started = Extract<Entry, { is: 'run-started' }>;
type Intended = Extract<Entry, { is: 'intent' }>;
type Done = Extract<Entry, { is: 'done' }>;

/** What one run did to one address. Runs that touch the same address lie on top of each other, oldest first. */
export interface Layer {
  readonly run: string;
  readonly playbook: string;
  readonly target: string;
  readonly step: string;
  readonly first: Intent;
  newest: Intent;
  after: BaselineEntry['after'];
  halfForgotten?: string;
}

/** The layers of each target and address that have not been taken back, by the age of their first intention. Pure. */
export function layersOf(entries: readonly Entry[]): readonly (readonly Layer[])[] {
  return new Layers(entries).standing();
}

class Layers {
  readonly #standing = new Map<string, Layer[]>();
  readonly #runs = new Map<string, Started>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.#add(entry);
  }

  standing(): readonly (readonly Layer[])[] {
    return [...this.#standing.values()];
  }

  #add(entry: Entry): void {
    if (entry.is === 'run-started') this.#runs.set(entry.run, entry);
    else if (entry.is === 'intent') for (const intent of entry.intents) this.#intend(entry, intent);
    else if (entry.is === 'done') this.#finish(entry);
    else if (entry.is === 'run-finished') for (const target of entry.cleared) this.#clear(target);
  }

  #intend({ run, step, target }: Intended, intent: Intent): void {
    const key = keyOf(target, intent.address);
    const started = this.#runs.get(run);
    const layers = this.#standing.get(key);
    const top = layers?.at(-1);
    if (started?.command === 'undo') {
      if (top) top.after = { is: 'unknown' };
    } else if (started?.command === 'forget') {
      if (top) top.halfForgotten = run;
    } else if (top?.run === run) {
      top.newest = intent;
      top.after = { is: 'unknown' };
    } else {
      const playbook = started?.playbook ?? '';
      const layer: Layer = { run, playbook, target, step, first: intent, newest: intent, after: { is: 'unknown' } };
      this.#standing.set(key, [...(layers ?? []), layer]);
    }
  }

  #finish({ run, target, address, outcome, after }: Done): void {
    const key = keyOf(target, address);
    const layers = this.#standing.get(key);
    const started = this.#runs.get(run);
    if (!layers) return;
    if (started?.command === 'forget') {
      this.#standing.delete(key);
      return;
    }
    if (started?.command === 'undo') {
      this.#takeBack(key, layers, started.undoes);
      return;
    }
    const top = layers.at(-1);
    if (top?.run === run) top.after = { is: 'known', image: after, version: top.newest.typeVersion };
    // A temporary thing, made and removed by its check: nothing is left to take back. What was dropped can be given back.
    const isTemporary = outcome === 'removed' && top?.first.before === null && top.newest.dropped !== true;
    if (isTemporary) this.#standing.delete(key);
  }

  // What lies above an undone run rested on it and goes with it.
  #takeBack(key: string, layers: readonly Layer[], only: string | undefined): void {
    const from = only === undefined ? 0 : layers.findIndex((layer) => layer.run === only);
    if (from === 0) this.#standing.delete(key);
    else if (from > 0) this.#standing.set(key, layers.slice(0, from));
  }

  #clear(target: string): void {
    for (const [key, [first]] of this.#standing) if (first?.target === target) this.#standing.delete(key);
  }
}

function keyOf(target: string, address: string): string {
  return `${target}\0${address}`;
}
