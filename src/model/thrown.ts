import { CairnError, type Diagnostic, messageOf, problem, type Source } from './diagnostic.ts';

/** A step whose code threw. */
export interface Thrower {
  /** `devpi/30_redis`. */
  readonly id: string;
  /** The project's root, absolute. */
  readonly root: string;
  /** Where to point when the stack doesn't lead into its file. */
  readonly source: Source;
}

/**
 * What a step's code threw, as problems at the line that threw it; a problem that it names itself is shown as it is.
 * @param when for people: `throws in resources()`
 */
export function thrownBy(thrower: Thrower, error: unknown, when: string): readonly Diagnostic[] {
  const source = placeIn(thrower, error) ?? thrower.source;
  if (error instanceof CairnError) return error.diagnostics.map((one) => ({ ...one, source: one.source ?? source }));
  const [message] = messageOf(error).split('\n');
  return [problem('step-throws', `${thrower.id} ${when}: ${message}`, { source })];
}

function placeIn({ root, source: { file } }: Thrower, error: unknown): Source | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const escaped = `${root}/${file}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const [, line, column] = new RegExp(`${escaped}(?:\\?[^:]*)?:(\\d+)(?::(\\d+))?`).exec(stack) ?? [];
  return line === undefined ? undefined : { file, line: Number(line), column: Number(column ?? 1) };
}
