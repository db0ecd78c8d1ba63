import { setImmediate as tick } from 'node:timers/promises';
import type { Answer, HostChange, HostWriter, Question, Turn } from '../model/host.ts';
import { Foreseen } from './foreseen.ts';

/** Most changes, and bytes of content, in one script. */
const most = { changes: 100, bytes: 256 * 1024 };

/** A write that went along with others and was not begun, because one before it was not done. */
export class NotBegun extends Error {}

interface Queued {
  readonly change: HostChange;
  readonly turn: PromiseWithResolvers<Turn>;
}

/**
 * What a write said: `asks`: it must know something of the host first. `enough`: what follows it must wait for it, and goes in
 * another script.
 */
type Said = 'more' | 'asks' | 'enough';

/**
 * Collects the changes of several writes and sends them in one script. The writes are started one after the other, each when
 * the one before has said all that it wants of the host.
 */
export class Joint {
  readonly #host: HostWriter;
  readonly #stop: AbortSignal;
  readonly #foreseen = new Foreseen();
  readonly #all: Queued[] = [];
  #unsent: Queued[] = [];
  #questions: Question[] = [];
  #answers = Promise.withResolvers<readonly unknown[]>();
  #bytes = 0;
  /** What the write that is collected from has said since it was last heard. */
  #said = Promise.withResolvers<Said>();

  constructor(host: HostWriter, stop: AbortSignal) {
    this.#host = host;
    this.#stop = stop;
  }

  /** What a write writes through. @param progress takes the lines of what it runs */
  writer(progress: (line: string) => void): { readonly to: HostWriter; readonly leave: () => void } {
    const before = this.#all.length;
    let isCollected = true;
    const to: HostWriter = {
      ask: async (question) => {
        if (isCollected) return await this.#ask(question);
        await this.#written(before);
        return await this.#host.ask(question);
      },
      change: async (change) => {
        const told = { onLine: progress, ...change };
        if (isCollected) {
          isCollected = false;
          return begun(await this.#add(told));
        }
        await this.#written(before);
        return await this.#host.change(told);
      },
      changeInTurn: (changes, stop) => this.#host.changeInTurn(changes, stop),
    };
    const leave = (): void => {
      isCollected = false;
    };
    return { to, leave };
  }

  /** Resolves when a write has said what it wants. */
  async hear(written: Promise<unknown>): Promise<Said> {
    const over = written.then(
      (): Said => 'more',
      (): Said => 'enough',
    );
    // What takes longer works on something else meanwhile, and those before it need not wait for that.
    const late = tick('enough' as const);
    const said = await Promise.race([this.#said.promise, over, late]);
    this.#said = Promise.withResolvers();
    const isFull = this.#unsent.length >= most.changes || this.#bytes >= most.bytes;
    return said === 'more' && isFull ? 'enough' : said;
  }

  /** Sends what was collected. Resolves when it is over; true: all of it was done, and questions are answered. */
  async send(): Promise<boolean> {
    const [queued, questions, answers] = [this.#unsent, this.#questions, this.#answers];
    this.#unsent = [];
    this.#questions = [];
    this.#answers = Promise.withResolvers();
    this.#bytes = 0;
    this.#said = Promise.withResolvers();
    answers.promise.catch(() => undefined);
    const isFirst = this.#all.length === queued.length;
    if (this.#stop.aborted && !isFirst) {
      for (const { turn } of queued) turn.resolve({ is: 'not-begun' });
      answers.reject(new NotBegun());
      return false;
    }
    const changes = queued.map(({ change }) => change);
    const look: HostChange = { guards: [], operations: [], readBack: questions };
    const turns = this.#host.changeInTurn(questions.length > 0 ? [...changes, look] : changes, this.#stop);
    for (const [i, { turn }] of queued.entries()) turns[i]?.then(turn.resolve, turn.reject);
    if (questions.length > 0) turns.at(-1)?.then(answersIn).then(answers.resolve, answers.reject);
    return await Promise.all([this.#written(this.#all.length), questions.length > 0 && answers.promise]).then(
      () => true,
      () => false,
    );
  }

  // What one before it will have left is foreseen; its change compares that with the host.
  async #ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
    const foreseen = this.#foreseen.answer(question);
    if (foreseen) return foreseen.answer as Answer<Q>;
    const { promise } = this.#answers;
    const at = this.#questions.push(question) - 1;
    this.#said.resolve('asks');
    return (await promise)[at] as Answer<Q>;
  }

  #add(change: HostChange): Promise<Turn> {
    const turn = Promise.withResolvers<Turn>();
    turn.promise.catch(() => undefined);
    const queued = { change, turn };
    this.#all.push(queued);
    this.#unsent.push(queued);
    this.#foreseen.add(change);
    this.#bytes += sizeOf(change);
    this.#said.resolve(change.isWhole === true ? 'more' : 'enough');
    return turn.promise;
  }

  async #written(count: number): Promise<void> {
    for (const { turn } of this.#all.slice(0, count)) {
      const is = await turn.promise.then(
        (one) => one.is,
        () => 'lost' as const,
      );
      if (is !== 'written') throw new NotBegun();
    }
  }
}

function begun<T extends Turn>(turn: T): Exclude<T, { readonly is: 'not-begun' }> {
  if (turn.is === 'not-begun') throw new NotBegun();
  return turn as Exclude<T, { readonly is: 'not-begun' }>;
}

function answersIn(turn: Turn): readonly unknown[] {
  if (turn.is !== 'written') throw new NotBegun();
  return turn.answers;
}

function sizeOf({ operations }: HostChange): number {
  return operations.reduce((sum, one) => {
    const { length = 0 } = one.do === 'put-file' ? (one.content as { readonly length?: number }) : {};
    return sum + length;
  }, 0);
}
