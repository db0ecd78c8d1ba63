/** Where a value was written. Line and column start at 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something a person has to know, as a value: printing is the report's business. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case; decisions are made by it, never by the text. */
  readonly code: string;
  /** One line that makes sense alone: what happened, to what. */
  readonly summary: string;
  /** What was seen: an event, log lines, an HTTP body. One entry a line. */
  readonly detail?: readonly string[];
  /** What to do next, or the nearest right name. */
  readonly help?: string;
  readonly source?: Source;
}

/** An error that carries its diagnostics; the only error class the engine throws on purpose. */
export class CairnError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(first: Diagnostic, ...more: readonly Diagnostic[]) {
    super(first.summary);
    this.name = 'CairnError';
    this.diagnostics = [first, ...more];
  }

  get code(): string {
    return this.diagnostics[0]?.code ?? 'unknown';
  }
}

/** An error diagnostic in one call. */
export function problem(code: string, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return { severity: 'error', code, summary, ...more };
}

/** Throws all of them as one error; nothing when there are none. */
export function throwAll(problems: Iterable<Diagnostic>): void {
  const [first, ...more] = problems;
  if (first) throw new CairnError(first, ...more);
}

/** What to show for anything that was thrown: its own diagnostics, or what the error says of itself. */
export function diagnosticsOf(thrown: unknown): readonly Diagnostic[] {
  if (thrown instanceof CairnError) return thrown.diagnostics;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { summary, detail } = linesOf(messageOf(error));
  const frames = error.stack?.split('\n').map((line) => line.trim()) ?? [];
  const stack = frames.filter((line) => line.startsWith('at ')).slice(0, 5);
  return [problem('internal', summary, { detail: [...detail, ...stack] })];
}

/** A text as a summary, its first line, and the detail beneath it. */
export function linesOf(text: string): { readonly summary: string; readonly detail: readonly string[] } {
  const [summary = '', ...detail] = text.split('\n').filter((line) => line.trim() !== '');
  return { summary, detail };
}

/** What an error says of itself; one made of several says what they say. Never empty. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : '';
  return error.message || inner || error.name;
}
