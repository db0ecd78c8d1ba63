import { CairnError, type Diagnostic, problem } from './diagnostic.ts';

/** Codes of a host that could not be asked: another try, over a new connection, may. */
const codes: ReadonlySet<string> = new Set(['connection-lost', 'host-unreachable']);

/** The way to a host broke before an answer came. What was asked for may have been done, or still go on there. */
export function connectionLost(summary: string, why: string): CairnError {
  const detail = why.split('\n').filter((line) => line.trim() !== '');
  return new CairnError(problem('connection-lost', summary, { detail }));
}

/** True for what a new connection may mend. */
export function isLoss({ code }: Pick<Diagnostic, 'code'>): boolean {
  return codes.has(code);
}
