import { CairnError, type Diagnostic, diagnosticsOf, problem } from '../model/diagnostic.ts';

/** A guarded host, for people. */
export interface Guarded {
  readonly host: string;
  /** Where it keeps what was there before. */
  readonly folder: string;
  /** What was changed on it. */
  readonly titles: readonly string[];
}

/** It is as it was. */
export function givenBack({ host, titles: detail }: Guarded): Diagnostic {
  return problem('given-back', `${host} has given itself back what was there before this step`, { detail });
}

/** It tried and could not. */
export function notGivenBack({ host, folder, titles: detail }: Guarded): Diagnostic {
  return problem('not-given-back', `${host} could not give itself everything back`, {
    detail,
    help: `what it kept, and why, is in ${folder} (see ${folder}/log); remove that folder when you are done`,
  });
}

/** It will, and nobody can look. */
export function notSeen({ host, folder, titles: detail }: Guarded): Diagnostic {
  const said = `${host} gives itself back what was there before; it doesn't answer, so nobody saw it`;
  return problem('not-seen', said, { detail, help: `when it answers, ${folder} is gone if it succeeded` });
}

/** Nobody could sign in again in time. */
export function lockedOut(host: string, seconds: number, error: unknown): CairnError {
  const detail = diagnosticsOf(error).map(({ summary }) => summary);
  const said = `${host} let nobody in over a new connection within ${seconds} s of the change`;
  return new CairnError(problem('locked-out', said, { detail }));
}
