import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Operation } from '../../model/host.ts';
import { guardFolder, type Sign, type Way } from '../../model/revert.ts';
import type { FakeHost } from './host.ts';
import type { FakeNode } from './host-files.ts';

type Arm = Extract<Operation, { do: 'arm' }>;

interface Kept {
  readonly arm: Arm;
  readonly nodes: ReadonlyMap<string, FakeNode | undefined>;
}

/** What a fake host gives itself back when its time is over: a test says when that is. */
export class FakeReverts {
  readonly #host: FakeHost;
  readonly #kept = new Map<string, readonly Kept[]>();

  constructor(host: FakeHost) {
    this.#host = host;
  }

  arm(arm: Arm): void {
    const before = this.#kept.get(arm.guard);
    if (!before && arm.entry > 1) throw timeWasOver();
    if (!before) {
      const folder = { kind: 'directory', mode: '0700', owner: 'root', group: 'root' } as const;
      this.#host.files.set(guardFolder(arm.guard), folder);
    }
    const nodes = new Map((arm.saves.paths ?? []).map((path) => [path, this.#host.files.get(path)]));
    this.#kept.set(arm.guard, [...(before ?? []), { arm, nodes }]);
  }

  disarm(guard: string): void {
    if (this.#kept.has(guard)) this.#forget(guard);
    else throw timeWasOver();
  }

  giveBack(guard: string): void {
    const kept = this.#kept.get(guard) ?? [];
    for (const { arm, nodes } of kept.toReversed()) {
      for (const way of arm.saves.commands ?? []) this.#perform(way);
      for (const [path, node] of nodes) {
        this.#host.files.remove(path);
        if (node) this.#host.files.set(path, node);
      }
    }
    for (const { arm } of kept) for (const way of arm.saves.afterwards ?? []) this.#perform(way);
    if (kept.length > 0) this.#forget(guard);
  }

  /** Nobody confirmed anything in time. */
  timeIsOver(): void {
    for (const guard of [...this.#kept.keys()]) this.giveBack(guard);
  }

  #perform({ when, ...spec }: Way): void {
    if (when?.some((sign) => this.#holds(sign)) ?? true) this.#host.perform(spec);
  }

  #holds(sign: Sign): boolean {
    if ('exists' in sign) return this.#host.files.get(sign.exists) !== undefined;
    const [argv, isGood] = 'succeeds' in sign ? [sign.succeeds, true] : [sign.fails, false];
    return (this.#host.run({ argv }).status === 0) === isGood;
  }

  #forget(guard: string): void {
    this.#kept.delete(guard);
    this.#host.files.remove(guardFolder(guard));
  }
}

function timeWasOver(): CairnError {
  return new CairnError(problem('operation-failed', 'the time was over: the host gives itself back what was there'));
}
