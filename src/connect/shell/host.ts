import type { CairnError } from '../../model/diagnostic.ts';
import type { Answer, HostChange, HostChanged, HostReader, HostWriter, Question, Turn } from '../../model/host.ts';
import { type Part, type PartResult, runParts } from './parts.ts';
import { missed, parseAnswer, questionPart } from './questions.ts';
import type { ShellTransport } from './transport.ts';
import { changeInTurn } from './turns.ts';

interface Asked {
  readonly question: Question;
  readonly answered: ((answer: unknown) => void)[];
  readonly failed: ((error: unknown) => void)[];
}

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
    let left: readonly Prepared[] = [...this.#waiting.values()].flatMap(prepare);
    this.#waiting = new Map();
    // A question that takes too long costs its own answer; those behind it are asked again.
    while (left.length > 0) {
      const { results, cut } = await runParts(
        this.transport,
        left.map((one) => one.part),
      );
      for (const [index, result] of results.entries()) settle(left[index], result);
      if (cut?.is === 'late') refuse(left[results.length], (question) => missed(question, cut));
      left = left.slice(results.length + (cut?.is === 'late' ? 1 : 0));
      if (cut?.is !== 'gone' && cut?.is !== 'refused') continue;
      for (const one of left) refuse(one, (question) => missed(question, cut));
      return;
    }
  }
}

interface Prepared {
  readonly asked: Asked;
  readonly part: Part;
}

// A question that can't be put (a bad path) fails alone.
function prepare(asked: Asked): readonly Prepared[] {
  try {
    return [{ asked, part: questionPart(asked.question) }];
  } catch (error) {
    for (const fail of asked.failed) fail(error);
    return [];
  }
}

function settle(one: Prepared | undefined, result: PartResult): void {
  if (!one) return;
  try {
    const answer = parseAnswer(one.asked.question, result);
    for (const resolve of one.asked.answered) resolve(answer);
  } catch (error) {
    for (const fail of one.asked.failed) fail(error);
  }
}

function refuse(one: Prepared | undefined, why: (question: Question) => CairnError): void {
  for (const fail of one?.asked.failed ?? []) fail(why(one?.asked.question ?? { ask: 'facts' }));
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
