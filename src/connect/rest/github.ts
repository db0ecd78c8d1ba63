import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { HttpResponse } from '../../model/http.ts';
import type { RestWriter } from '../../model/rest.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { type OpenOptions, optionsFor, RestClient, type RestOptions } from './client.ts';
import type { Dialect } from './dialect.ts';
import { failureOf } from './failure.ts';

/** GitHub's REST API, of github.com or of an Enterprise server. Nothing is contacted yet. @throws CairnError `ca-missing` */
export function openGithub(target: KnownEndpoint, options: OpenOptions): RestWriter {
  return new Github(target, optionsFor(target, options));
}

class Github extends RestClient implements RestWriter {
  readonly #target: KnownEndpoint;

  constructor(target: KnownEndpoint, options: RestOptions) {
    super(target.url, target, dialectOf(target), options);
    this.#target = target;
  }

  // Nothing else of it says who it is; an Enterprise server without limits says 404 to whoever is let in.
  async identity(): Promise<string> {
    const answer = await this.send('GET', 'rate_limit');
    if (answer.status === 200 || answer.status === 404) return new URL(this.#target.url).host;
    throw failureOf(dialectOf(this.#target), { name: this.#target.name, what: 'GET rate_limit' }, answer);
  }
}

function dialectOf({ login }: KnownEndpoint): Dialect {
  return {
    type: 'github',
    request: {
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'cairn',
        'x-github-api-version': '2022-11-28',
        authorization: new Secret(`Bearer ${reveal(login.password)}`),
      },
    },
    firstPage: 'per_page=100',
    words,
    help: {
      unauthorized: 'look at token in endpoints.yaml of the inventory: it is wrong, or has ended',
      forbidden: 'the token needs administration (deploy keys) or webhooks of the repository, to read and to write',
      missing: 'there is no such repository, or the token may not see it: GitHub tells neither from the other',
    },
    limit,
    rights,
  };
}

interface Explained {
  readonly message?: string;
  readonly errors?: readonly { readonly message?: string; readonly field?: string; readonly code?: string }[];
}

function words(body: unknown): string {
  const { message = '', errors = [] } = (body ?? {}) as Explained;
  const each = errors.map((error) => error.message ?? [error.field, error.code].filter(Boolean).join(' '));
  return [message, each.filter((one) => one !== '').join('; ')].filter((part) => part !== '').join(': ');
}

// As "Best practices for using the REST API" has it; without any of these headers, a 403 is about rights.
function limit({ status, headers }: HttpResponse, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers['retry-after']);
  if (after > 0) return after * 1000;
  if (headers['x-ratelimit-remaining'] === '0') {
    const until = Number(headers['x-ratelimit-reset']) * 1000;
    return Number.isFinite(until) ? Math.max(until - now, 0) + 1000 : 60_000;
  }
  return status === 429 ? 60_000 : undefined;
}

function rights({ headers }: HttpResponse): readonly string[] {
  const fine = headers['x-accepted-github-permissions'];
  const [needs, has] = [headers['x-accepted-oauth-scopes'], headers['x-oauth-scopes']];
  return [
    ...(fine ? [`it takes the permission ${fine}`] : []),
    ...(needs ? [`it takes one of the scopes ${needs}; the token has ${has || 'none'}`] : []),
  ];
}
