import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HttpResponse } from '../../model/http.ts';
import type { Dialect } from './dialect.ts';

/** What was asked of whom. */
export interface Asked {
  /** The endpoint's name in the inventory. */
  readonly name: string;
  /** `GET repos/acme/shop/keys` */
  readonly what: string;
}

/** Turns an answer that is neither success nor expected into a problem that says what to do. */
export function failureOf(dialect: Dialect, { name, what }: Asked, answer: HttpResponse): CairnError {
  const { type, help, rights } = dialect;
  const { status, headers } = answer;
  const said = `${status} ${dialect.words(parsed(answer.body)) || firstLine(answer.body)}`.trim();
  const detail = rights?.(answer) ?? [];
  if (status === 401)
    return new CairnError(
      problem(`${type}-unauthorized`, `${name} doesn't let us in: ${said}`, { help: help.unauthorized }),
    );
  if (status === 403)
    return new CairnError(
      problem(`${type}-forbidden`, `${name} doesn't allow ${what}: ${said}`, { detail, help: help.forbidden }),
    );
  if (status === 404)
    return new CairnError(
      problem(`${type}-missing`, `${name} knows nothing at ${what}: ${said}`, { detail, help: help.missing }),
    );
  if (status >= 300 && status < 400) {
    const to = headers.location === undefined ? '' : `, which leads to ${headers.location}`;
    const moved = 'it was renamed or moved: write its present name';
    return new CairnError(problem(`${type}-refused`, `${name} answers ${what} with ${said}${to}`, { help: moved }));
  }
  if (status >= 500) return new CairnError(problem(`${type}-failed`, `${name} fails at ${what}: ${said}`));
  return new CairnError(problem(`${type}-refused`, `${name} refuses ${what}: ${said}`));
}

/** The service says that we ask too much, for longer than a run waits. @param wait milliseconds */
export function limited({ type }: Dialect, { name, what }: Asked, wait: number, now: number): CairnError {
  const at = new Date(now + wait).toISOString().replace(/\.\d+Z$/, 'Z');
  return new CairnError(
    problem(`${type}-limited`, `${name} takes no more requests for now, at ${what}`, {
      help: `its limit is used up; run it again after ${at}`,
    }),
  );
}

/** The body of an answer, where it is JSON; else null. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function firstLine(body: string): string {
  return body.trim().split('\n')[0]?.slice(0, 200) ?? '';
}
