import { setTimeout } from 'node:timers/promises';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import type { RestWriter, RestWritten } from '../../model/rest.ts';
import { Turnstile } from '../../model/turnstile.ts';
import { http } from '../http/http.ts';
import { type Way, wayTo } from '../http/way.ts';
import type { Dialect } from './dialect.ts';
import { type Asked, failureOf, limited, parsed } from './failure.ts';

export interface RestOptions {
  readonly http: Http;
  readonly way: Way;
  /** A plan's port can't write. */
  readonly mayWrite: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How one is opened; all but `mayWrite` has a default. */
export type OpenOptions = Pick<RestOptions, 'mayWrite'> & Partial<Pick<RestOptions, 'http' | 'now' | 'sleep'>>;

// Milliseconds for one answer.
const patience = 30_000;

/** How an endpoint is asked. @throws CairnError `ca-missing` */
export function optionsFor(target: KnownEndpoint, options: OpenOptions): RestOptions {
  return { http, way: wayTo(target, patience), now: Date.now, sleep: setTimeout, ...options };
}

// Milliseconds that one request waits for its turn, where the service says that we asked too much.
const mostPatience = 60_000;

/** A JSON API over our own HTTP: one request at a time, as such services ask for. */
export class RestClient implements Omit<RestWriter, 'identity'> {
  readonly #root: string;
  readonly #name: string;
  readonly #dialect: Dialect;
  readonly #options: RestOptions;
  readonly #turns = new Turnstile(1);
  /** What was answered before, by its path: a service that says "unchanged" needn't say it again. */
  readonly #seen = new Map<string, HttpResponse & { readonly etag: string }>();

  /** @param root its URL, without a slash at the end */
  constructor(root: string, { name }: Pick<KnownEndpoint, 'name'>, dialect: Dialect, options: RestOptions) {
    this.#root = root;
    this.#name = name;
    this.#dialect = dialect;
    this.#options = options;
  }

  async get(path: string): Promise<unknown> {
    const answer = await this.#look(path);
    if (answer.status === 404) return null;
    return this.#bodyOf(answer, `GET ${path}`);
  }

  async list(path: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    const query = path.includes('?') ? '&' : '?';
    for (let next: string | undefined = `${path}${query}${this.#dialect.firstPage}`; next !== undefined; ) {
      const answer: HttpResponse = await this.#look(next);
      const page = this.#bodyOf(answer, `GET ${next}`);
      if (!Array.isArray(page)) throw this.#strange(`GET ${next}`, 'no list');
      found.push(...page);
      next = this.#nextPage(answer, next);
    }
    return found;
  }

  create(path: string, body: unknown): Promise<RestWritten> {
    return this.#write('POST', path, body);
  }

  patch(path: string, body: unknown): Promise<RestWritten> {
    return this.#write('PATCH', path, body);
  }

  put(path: string, body: unknown): Promise<RestWritten> {
    return this.#write('PUT', path, body);
  }

  remove(path: string): Promise<RestWritten> {
    return this.#write('DELETE', path);
  }

  /** Any request as this service wants it; what comes back is an answer like any other. */
  async send(method: NonNullable<HttpRequest['method']>, path: string, more: HttpRequest = {}): Promise<HttpResponse> {
    const { http, way, sleep, now } = this.#options;
    const { request, limit } = this.#dialect;
    const headers = { ...request.headers, ...more.headers };
    const asked = { ...way, ...request, ...more, method, headers };
    const send = (): Promise<HttpResponse> =>
      this.#turns.through('requests', () => http.send(`${this.#root}/${path}`, asked));
    for (let left = mostPatience; ; ) {
      const answer = await send();
      const wait = limit?.(answer, now());
      if (wait === undefined) return answer;
      if (wait > left) throw limited(this.#dialect, this.#asked(`${method} ${path}`), wait, now());
      await sleep(wait);
      left -= Math.max(wait, 1000);
    }
  }

  async #look(path: string): Promise<HttpResponse> {
    const before = this.#seen.get(path);
    const answer = await this.send('GET', path, before ? { headers: { 'if-none-match': before.etag } } : {});
    if (answer.status === 304 && before) return before;
    const { etag } = answer.headers;
    if (answer.status === 200 && etag !== undefined) this.#seen.set(path, { ...answer, etag });
    return answer;
  }

  async #write(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<RestWritten> {
    if (!this.#options.mayWrite) throw new Error(`a plan wants to write: ${method} ${path}`);
    const answer = await this.send(method, path, body === undefined ? {} : { json: body });
    const isGone = answer.status === 404 && method !== 'POST';
    if (isGone || answer.status === 409) return { is: 'conflict' };
    if (answer.status >= 300) throw failureOf(this.#dialect, this.#asked(`${method} ${path}`), answer);
    const id = answer.headers.location?.split('/').at(-1);
    return { is: 'written', ...(id === undefined ? {} : { id }) };
  }

  #bodyOf(answer: HttpResponse, what: string): unknown {
    if (answer.status !== 200) throw failureOf(this.#dialect, this.#asked(what), answer);
    const body = parsed(answer.body);
    if (body === null) throw this.#strange(what, 'no JSON');
    return body;
  }

  // By RFC 8288, as its path beneath the root: whatever leads elsewhere would take our login along.
  #nextPage({ headers: { link = '' } }: HttpResponse, path: string): string | undefined {
    const next = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link)?.[1];
    if (next === undefined) return undefined;
    const url = new URL(next, `${this.#root}/`).href;
    if (url.startsWith(`${this.#root}/`)) return url.slice(this.#root.length + 1);
    throw this.#strange(`GET ${path}`, `a next page elsewhere, at ${new URL(url).origin}`);
  }

  #strange(what: string, found: string): CairnError {
    const help = 'look at url in endpoints.yaml of the inventory';
    return new CairnError(problem(`${this.#dialect.type}-failed`, `${this.#name} gives ${found} at ${what}`, { help }));
  }

  #asked(what: string): Asked {
    return { name: this.#name, what };
  }
}
