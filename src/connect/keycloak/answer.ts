import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HttpResponse } from '../../model/http.ts';

interface Explained {
  readonly error?: string;
  readonly error_description?: string;
  readonly errorMessage?: string;
}

/** What a failed answer says: `409 Client web already exists`. */
export function failureOf({ status, body }: HttpResponse): string {
  return `${status} ${wordsOf(body)}`.trim();
}

function wordsOf(body: string): string {
  try {
    const { errorMessage, error_description, error } = JSON.parse(body) as Explained;
    return errorMessage ?? error_description ?? error ?? '';
  } catch {
    return body.trim().split('\n')[0]?.slice(0, 200) ?? '';
  }
}

/** An answer that is neither success nor one that its caller expects. */
export function refusal(name: string, asked: string, answer: HttpResponse): CairnError {
  const said = failureOf(answer);
  const { status } = answer;
  if (status === 403) {
    return new CairnError(
      problem('keycloak-forbidden', `${name} doesn't allow ${asked}: ${said}`, {
        help: 'the administrator in endpoints.yaml needs a role for it: realm-admin of the realm, or admin',
      }),
    );
  }
  if (status === 401) return new CairnError(problem('keycloak-unauthorized', `${name} refuses our token: ${said}`));
  if (status >= 500) return new CairnError(problem('keycloak-failed', `${name} fails at ${asked}: ${said}`));
  return new CairnError(problem('keycloak-refused', `${name} refuses ${asked}: ${said}`));
}
