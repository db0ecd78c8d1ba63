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

  /** By file, line and column; what has no place comes first. A file that can't be read accounts for what seems to be missing. */
  sorted(): readonly Diagnostic[] {
    const all = [...this.#found.values()];
    const isIncomplete = all.some(({ code }) => code === 'bad-yaml' || code === 'file-unreadable');
    const own = isIncomplete ? all.filter(({ code }) => !missing.has(code)) : all;
    return own.sort((a, b) => byPlace(a.source, b.source));
  }
}

const missing: ReadonlySet<string> = new Set(['missing-variable', 'undefined-variable']);

/** Orders places by file, line and column. */
export function byPlace(a: Source | undefined, b: Source | undefined): number {
  const file = (a?.file ?? '').localeCompare(b?.file ?? '');
  return file || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
