import { CairnError } from '../../model/diagnostic.ts';
import { type Answer, NotSent } from './transport.ts';

/**
 * How long until it is worth another try.
 * @param repeatable safe to send twice
 * @param pause milliseconds to wait about, where the server doesn't say
 * @returns milliseconds, null when another try is of no use or not safe
 */
export function waitFor(result: Answer | Error, repeatable: boolean, pause: number): number | null {
  // Jittered, or everybody who was sent away comes back at once.
  const jittered = pause * (0.5 + Math.random());
  if (result instanceof CairnError) return null;
  if (result instanceof Error) return repeatable || result instanceof NotSent ? jittered : null;
  // Both say that nothing was done; a write that was done all the same is found by its guard.
  if (result.status === 429 || result.status === 503) return Math.max(retryAfter(result, Date.now()) ?? 0, jittered);
  return repeatable && result.status >= 500 && !isMistyped(result) ? jittered : null;
}

/**
 * Milliseconds for which a server asks to be left alone, null when it doesn't say.
 * Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
function retryAfter({ headers }: Answer, now: number): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

// A wish with a field that no schema knows is refused by 500 as well, and nothing but its text tells it from a stumble:
// the error of structured-merge-diff, as https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields hands it on.
function isMistyped({ body }: Answer): boolean {
  return body.includes('failed to create typed patch object');
}
