import type { Answer, HostChange, HostChanged, HostReader, HostWriter, Question, Turn } from '../../model/host.ts';
import { type Asked, askings } from './batch.ts';
import { runParts } from './parts.ts';
import type { ShellTransport } from './transport.ts';
import { changeInTurn } from './turns.ts';

/** Reads a host through a shell: all questions of one tick are one script. */
export class ShellReader implements HostReader {
  protected readonly transport: ShellTransport;
  #waiting = new Map<string, Asked>();
  #unique = 0;

  constructor(transport: ShellTransport) {
    this.transport = transport;
  }

  ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
    return new Promise<Answer<Q>>((resolve, reject) => {
      if (this.#waiting.size === 0) setImmediate(() => void this.#flush());
      const key = question.ask === 'run' ? `run ${this.#unique++}` : JSON.stringify(question);
      const asked = this.#waiting.get(key) ?? { question, answered: [], failed: [] };
      asked.answered.push(resolve as (answer: unknown) => void);
      asked.failed.push(reject);
      this.#waiting.set(key, asked);
    });
  }

  async #flush(): Promise<void> {
    let left = askings([...this.#waiting.values()]);
    this.#waiting = new Map();
    // What takes too long costs its own answer; those behind it are asked again.
    while (left.length > 0) {
      const { results, cut } = await runParts(
        this.transport,
        left.map((one) => one.part),
      );
      const again = results.flatMap((result, index) => left[index]?.settle(result) ?? []);
      const isLate = cut?.is === 'late';
      const late = isLate ? (left[results.length]?.late(cut) ?? []) : [];
      const behind = left.slice(results.length + (isLate ? 1 : 0));
      left = [...again, ...late, ...behind];
      if (cut?.is !== 'gone' && cut?.is !== 'refused') continue;
      for (const one of left) one.fail(cut);
      return;
    }
  }
}

/** Changes a host through a shell: guards, operations and read-back of one or several changes are one script. */
export class ShellWriter extends ShellReader implements HostWriter {
  async change(change: HostChange): Promise<HostChanged> {
    const [changed] = this.changeInTurn([change]);
    return (await changed) as HostChanged;
  }

  changeInTurn(changes: readonly HostChange[], stop?: AbortSignal): readonly Promise<Turn>[] {
    return changeInTurn(this.transport, changes, stop);
  }
}
