import { CairnError, type Diagnostic, problem, type Source } from '../model/diagnostic.ts';

/** Gathers what is wrong with the input, so that all of it can be said at once. The same thing is said once. */
export class Problems {
  readonly #found = new Map<string, Diagnostic>();

  error(code: string, summary: string, source?: Source, help?: string): void {
    this.add(problem(code, summary, { ...(source ? { source } : {}), ...(help === undefined ? {} : { help }) }));
  }

  warn(code: string, summary: string, source: Source, help?: string): void {
    this.add({ severity: 'warning', code, summary, source, ...(help === undefined ? {} : { help }) });
  }

  add(one: Diagnostic): void {
    const { file = '', line = 0, column = 0 } = one.source ?? {};
    const key = `${file}:${line}:${column} ${one.code} ${one.summary}`;
    if (!this.#found.has(key)) this.#found.set(key, one);
  }

  /** Adds what was thrown, if it was thrown to be shown; anything else goes on. */
  addThrown(error: unknown): void {
    if (!(error instanceof CairnError)) throw error;
    for (const one of error.diagnostics) this.add(one);
  }

  get hasErrors(): boolean {
    return this.#found.values().some((one) => one.severity === 'error');
  }

  /** By file, line and column; what has no place comes first. */
  sorted(): readonly Diagnostic[] {
    return [...this.#found.values()].sort(byPlace);
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.source, b.source];
  const file = (left?.file ?? '').localeCompare(right?.file ?? '');
  return file || (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0);
}
