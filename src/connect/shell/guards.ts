import type { Guard } from '../../model/host.ts';
import { printPackage } from './packages/parse.ts';
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
  return `same ${quote(printed(guard))} ${guard.question.ask === 'package' ? `eval ${quote(Buffer.from(body, 'latin1'))}` : body}`;
}

function printed(guard: Exclude<Guard, { readonly succeeds: boolean }>): string {
  switch (guard.question.ask) {
    case 'stat':
      return printState(guard.expected as Parameters<typeof printState>[0]);
    case 'sha256':
      return (guard.expected as string | null) ?? 'no';
    case 'package':
      return printPackage(guard.expected as Parameters<typeof printPackage>[0]);
  }
}
