import type { HttpRequest, HttpResponse } from '@cairnhq/cairn';
import { Cookies } from './cookies.ts';

const mostRedirects = 10;

/** What a visitor ends up with: the last answer, and where it came from. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  /** Every place on the way, the last one included. */
  readonly way: readonly string[];
}

/** Sends a request to where its URL leads. */
export type Send = (url: string, request: HttpRequest) => Promise<HttpResponse>;

/** Somebody who goes from page to page as a browser does: with cookies, and wherever a redirect leads. */
export class Visitor {
  readonly cookies = new Cookies();
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Opens a page; redirects are followed up to one that the visitor is to stop at. */
  open(url: string, { until = () => false }: { until?: (url: string) => boolean } = {}): Promise<Page> {
    return this.#follow(url, { headers: { accept: 'text/html' } }, { until, way: [] });
  }

  /** Fills in the login page of Keycloak. @throws Error where the page is none */
  logIn(page: Page, { user, password }: { user: string; password: string }, until?: (url: string) => boolean) {
    const action = /<form[^>]+id="kc-form-login"[^>]*action="([^"]+)"/.exec(page.body)?.[1];
    if (action === undefined) throw new Error(`${placeOf(page.url)} → ${page.status}, which is no login page`);
    const body = new URLSearchParams({ username: user, password, credentialId: '' }).toString();
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
    const url = action.replaceAll('&amp;', '&');
    return this.#follow(url, { method: 'POST', headers, body }, { until: until ?? (() => false), way: [] });
  }

  async #follow(
    url: string,
    request: HttpRequest,
    { until, way }: { until: (url: string) => boolean; way: readonly string[] },
  ): Promise<Page> {
    const { hostname } = new URL(url);
    const cookie = this.cookies.for(hostname);
    const headers = { ...request.headers, ...(cookie === '' ? {} : { cookie }) };
    const { status, headers: answered, body } = await this.#send(url, { ...request, headers });
    this.cookies.take(hostname, answered['set-cookie']);
    const page = { url, status, body, way: [...way, url] };
    const next = status >= 300 && status < 400 ? URL.parse(answered.location ?? '', url)?.href : undefined;
    if (next === undefined || way.length >= mostRedirects) return page;
    if (until(next)) return { ...page, url: next, way: [...page.way, next] };
    return this.#follow(next, { headers: { accept: 'text/html' } }, { until, way: page.way });
  }
}

/** A URL for messages: what stands behind its path may be secret. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
