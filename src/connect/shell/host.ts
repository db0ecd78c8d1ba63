import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Answer, HostChange, HostChanged, HostReader, HostWriter, Question } from '../../model/host.ts';
import { connectionLost } from '../../model/loss.ts';
import { redact } from '../../model/redact.ts';
import { guardBody, movedStatus } from './guards.ts';
import { describeOperation, isTalkative, operationBody, operationInput, operationSeconds } from './operations.ts';
import { type Part, type PartResult, type PartsResult, runParts } from './parts.ts';
import { parseAnswer, questionBody, questionSeconds, unanswered, unreadable } from './questions.ts';
import type { ShellTransport } from './transport.ts';

/** Last lines of each stream of a failed operation that go into its diagnostic. */
const linesShown = 15;

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

function questionPart(question: Question): Part {
  return {
    body: questionBody(question),
    seconds: questionSeconds(question),
    startsPrograms: question.ask === 'run',
    mustSucceed: false,
  };
}

/** Changes a host through a shell: guards, operations and read-back are one script. */
export class ShellWriter extends ShellReader implements HostWriter {
  async change(change: HostChange): Promise<HostChanged> {
    return concludeChange(change, await runParts(this.transport, changeParts(change)));
  }
}

function changeParts({ guards, operations, readBack, onLine }: HostChange): readonly Part[] {
  return [
    ...guards.map((guard) => ({
      body: guardBody(guard),
      seconds: questionSeconds(guard.question),
      startsPrograms: guard.question.ask === 'run',
      mustSucceed: true,
    })),
    ...operations.map((operation) => ({
      body: operationBody(operation),
      seconds: operationSeconds(operation),
      startsPrograms: isTalkative(operation),
      mustSucceed: true,
      tailOnly: true,
      input: operationInput(operation),
      onLine: isTalkative(operation) ? onLine : undefined,
    })),
    ...readBack.map(questionPart),
  ];
}

function concludeChange(change: HostChange, { results, cut }: PartsResult): HostChanged {
  const { guards, operations, readBack } = change;
  for (const [index, guard] of guards.entries()) {
    const result = results[index];
    if (!result) throw missed(guard.question, cut);
    if (result.status === movedStatus) return { is: 'moved' };
    if (result.status !== 0) throw unreadable(guard.question, result.stderr.toString('utf8'));
  }
  for (const [index, operation] of operations.entries()) {
    const result = results[guards.length + index];
    const what = describeOperation(operation);
    if (!result && cut?.is === 'gone')
      throw connectionLost(redact(`the connection broke while we were to ${what}`), goneWhy(cut));
    if (!result) throw failed(what, whyCut(cut));
    if (result.status !== 0) throw failed(what, `status ${result.status}`, result.stderr, result.stdout);
  }
  const answers = readBack.map((question, index) => {
    const result = results[guards.length + operations.length + index];
    if (!result) throw missed(question, cut);
    return parseAnswer(question, result);
  });
  return { is: 'written', answers };
}

function missed(question: Question, cut: PartsResult['cut']): CairnError {
  return cut?.is === 'gone' ? unanswered(question, goneWhy(cut)) : unreadable(question, whyCut(cut));
}

function whyCut(cut: PartsResult['cut']): string {
  return cut?.is === 'refused' ? cut.why : 'no answer in time';
}

function goneWhy(cut: Extract<PartsResult['cut'], { readonly is: 'gone' }>): string {
  return redact(`${cut.why} ${cut.printed.toString('utf8').trim()}`.trim());
}

function failed(what: string, why: string, stderr?: Buffer, stdout?: Buffer): CairnError {
  const [errors, output] = [linesOf(stderr), linesOf(stdout)];
  const said = errors.length === 1 && output.length === 0 ? errors[0] : undefined;
  const detail = [...output.slice(-linesShown), ...errors.slice(-linesShown)];
  return new CairnError(problem('operation-failed', redact(`could not ${what}: ${said ?? why}`), { detail }));
}

function linesOf(bytes: Buffer | undefined): readonly string[] {
  const lines = bytes?.toString('utf8').split(/\r?\n/) ?? [];
  return lines.filter((line) => line.trim() !== '').map(redact);
}
