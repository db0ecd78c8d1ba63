import type { Guard, PackageState, PathState } from '../../model/host.ts';
import { printPackage } from './packages/parse.ts';
import { checkPath } from './paths.ts';
import { printState, questionBody } from './questions.ts';
import { quote, type ShellText } from './quote.ts';

/** A guard's status when the answer is not the one expected. */
export const movedStatus = 3;

/** Shell text with status 0 when a question is answered as expected, 3 when not, and another when it has no answer. */
export function guardBody(guard: Guard): ShellText {
  const body = questionBody(guard.question);
  if ('succeeds' in guard) {
    const [whenZero, otherwise] = guard.succeeds ? [0, movedStatus] : [movedStatus, 0];
    return `if ${body}; then ( exit ${whenZero} ); else ( exit ${otherwise} ); fi`;
  }
  switch (guard.question.ask) {
    case 'stat':
      return `still ${quote(checkPath(guard.question.path))} ${quote(printState(guard.expected as PathState | null))}`;
    case 'sha256':
      return `still_holds ${quote(checkPath(guard.question.path))} ${quote((guard.expected as string | null) ?? 'no')}`;
    case 'package': {
      const expected = printPackage(guard.expected as PackageState | null);
      return `same ${quote(expected)} eval ${quote(Buffer.from(body, 'latin1'))}`;
    }
  }
}
