import { createHash } from 'node:crypto';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import { revealText, Secret } from '../../model/secret.ts';

export type Json = Record<string, unknown>;

/** A request as a server sees it. */
export interface Asked {
  readonly method: NonNullable<HttpRequest['method']>;
  readonly url: URL;
  /** Parts of the path beneath the root of the API, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** An answer before it is written: its body is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server with a JSON API in memory: a door for our own client, or for a real one where something serves it. */
export abstract class FakeApi implements Http {
  /** How many writes it carried out. */
  writes = 0;
  /** What was asked, as `GET /repos/acme/shop/keys`. */
  readonly requests: string[] = [];
  /** Answers that come before its own, one for each request. */
  readonly next: Answer[] = [];

  send(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    const at = new URL(url);
    const asked: Asked = {
      method: request.method ?? 'GET',
      url: at,
      parts: at.pathname.slice(1).split('/').map(decodeURIComponent),
      query: at.searchParams,
      headers: headersOf(request),
      body: bodyOf(request),
    };
    this.requests.push(`${asked.method} ${at.pathname}`);
    const answer = this.next.shift() ?? this.answer(asked);
    if (asked.method !== 'GET' && answer.status < 300) this.writes += 1;
    return Promise.resolve(written(answer, asked));
  }

  protected abstract answer(asked: Asked): Answer;
}

// A weak name of what was said: whoever has heard it needn't hear it again.
function written({ status, body, headers = {} }: Answer, { method, headers: asked }: Asked): HttpResponse {
  const text = body === undefined ? '' : JSON.stringify(body);
  if (status !== 200 || method !== 'GET') return { status, headers, body: text };
  const etag = `W/"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
  if (asked['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
  return { status, headers: { ...headers, etag }, body: text };
}

function headersOf({ headers = {}, basic }: HttpRequest): Readonly<Record<string, string>> {
  const plain = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), revealText(value)]);
  const login = basic && Buffer.from(`${basic.user}:${revealText(basic.password)}`).toString('base64');
  return { ...Object.fromEntries(plain), ...(login === undefined ? {} : { authorization: `Basic ${login}` }) };
}

function bodyOf({ json, body }: HttpRequest): Json {
  if (json !== undefined) return revealed(json) as Json;
  return typeof body === 'string' && body !== '' ? (JSON.parse(body) as Json) : {};
}

function revealed(value: unknown): unknown {
  if (value instanceof Secret) return revealText(value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
