import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Guard, HostChange, HostChanged, Operation } from '../../model/host.ts';
import { connectionLost } from '../../model/loss.ts';
import { redact } from '../../model/redact.ts';
import { guardBody, movedStatus } from './guards.ts';
import { describeOperation, isTalkative, operationBody, operationInput, operationSeconds } from './operations.ts';
import { goneWhy, type Part, type PartsResult, whyCut } from './parts.ts';
import { missed, parseAnswer, questionPart, questionSeconds, unreadable } from './questions.ts';

/** Last lines of each stream of a failed operation that go into its diagnostic. */
const linesShown = 15;

/** A change as parts of a script: guards, operations, read-back. What succeeds quietly is heard of by what follows it. */
export function changeParts({ guards, operations, readBack, onLine }: HostChange): readonly Part[] {
  return [
    ...guards.map(guardPart),
    ...operations.map((operation, index) =>
      operationPart(operation, onLine, index === operations.length - 1 && readBack.length === 0),
    ),
    ...readBack.map((question) => ({ ...questionPart(question), mustSucceed: question.ask !== 'run' })),
  ];
}

function guardPart(guard: Guard): Part {
  const startsPrograms = guard.question.ask === 'run';
  return {
    body: guardBody(guard),
    seconds: questionSeconds(guard.question),
    startsPrograms,
    mustSucceed: true,
    ...(startsPrograms ? {} : { tells: 'failure' }),
  };
}

function operationPart(operation: Operation, onLine: HostChange['onLine'], isLast: boolean): Part {
  const startsPrograms = isTalkative(operation);
  return {
    body: `${startsPrograms ? 'alone' : 'afresh'}\n${operationBody(operation)}`,
    seconds: operationSeconds(operation),
    startsPrograms,
    mustSucceed: true,
    tailOnly: true,
    input: operationInput(operation),
    ...(startsPrograms ? { onLine } : { tells: isLast ? 'brief' : 'failure' }),
  };
}

/**
 * What a change came to.
 * @param of the results of its parts, as many as there are
 * @throws CairnError `operation-failed`, `unreadable`, `connection-lost`
 */
export function concludeChange(change: HostChange, { results, cut }: PartsResult): HostChanged {
  const { guards, operations, readBack } = change;
  for (const [index, guard] of guards.entries()) {
    const result = results[index];
    if (!result) throw cutOff(change, cut);
    if (result.status === movedStatus) return { is: 'moved' };
    if (result.status !== 0) throw unreadable(guard.question, result.stderr.toString('utf8'));
  }
  for (const [index, operation] of operations.entries()) {
    const result = results[guards.length + index];
    if (!result) throw cutOff(change, cut, operation);
    if (result.status !== 0)
      throw failed(describeOperation(operation), `status ${result.status}`, result.stderr, result.stdout);
  }
  const answers = readBack.map((question, index) => {
    const result = results[guards.length + operations.length + index];
    if (!result) throw missed(question, cut);
    return parseAnswer(question, result);
  });
  return { is: 'written', answers };
}

// Which of its parts it was is not known where those before it say nothing; it is called by what was to be done.
function cutOff(
  { operations: [first], guards: [guard] }: HostChange,
  cut: PartsResult['cut'],
  operation = first,
): CairnError {
  if (!operation) return guard ? missed(guard.question, cut) : failed('change nothing', whyCut(cut));
  const what = describeOperation(operation);
  if (cut?.is !== 'gone') return failed(what, whyCut(cut));
  return connectionLost(redact(`the connection broke while we were to ${what}`), goneWhy(cut));
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
