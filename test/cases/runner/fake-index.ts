import { createHash } from 'node:crypto';
import type { Http, HttpRequest, HttpResponse } from '../../../src/model/http.ts';
import { reveal, Secret } from '../../../src/model/secret.ts';
import { fits } from './wildcard.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What answers behind the gateway: Keycloak by the issuers of its realms, OAuth2 Proxy by `/ping`, a registry that asks for a login and has
 * the images of `resources`, an object store at `s3.…` that takes signed requests, and what devpi does with users and indexes, by their paths: `/admin`, `/root/prod`. Only who logs in may write.
 */
export class FakeIndex implements Http {
  readonly resources = new Map<string, Fields>();
  /** Requests that could change something; a login is none. */
  writes = 0;

  async send(url: string, { method = 'GET', json, basic, headers = {} }: HttpRequest = {}): Promise<HttpResponse> {
    const { pathname: path, origin, hostname } = new URL(url);
    if (method !== 'GET' && method !== 'HEAD' && path !== '/+login') this.writes += 1;
    if (hostname.startsWith('s3.')) return this.#store(method, path, headers.authorization !== undefined);
    const body = plain(json) as Fields;
    if (path === '/+api') return answer(200, { login: `${origin}/+login` });
    if (path === '/ping') return answer(200, { OK: true });
    const issuer = path.replace('/.well-known/openid-configuration', '');
    if (issuer !== path) return answer(200, { issuer: `${origin}${issuer}` });
    if (path === '/+login') return answer(this.resources.get(`/${body.user}`)?.password === body.password ? 200 : 401);
    if (path === '/v2/') return answer(basic ? 200 : 401);
    if (path.startsWith('/v2/')) return this.#manifest(path);
    if (method === 'GET') return answer(this.resources.has(path) ? 200 : 404, this.resources.get(path));
    if (!basic) return answer(401);
    if (this.resources.has(path) !== (method !== 'PUT')) return answer(method === 'PUT' ? 409 : 404);
    if (method === 'DELETE') this.resources.delete(path);
    else if (Array.isArray(body)) this.change(path, body);
    else this.merge(path, body);
    return answer(200);
  }

  // An image is there when its path is; a recipe's tag may be a wildcard.
  #manifest(path: string): HttpResponse {
    const headers = { 'docker-content-digest': `sha256:${createHash('sha256').update(path).digest('hex')}` };
    return [...this.resources.keys()].some((key) => fits(key, path)) ? { status: 200, headers, body: '' } : answer(404);
  }

  #store(method: string, path: string, isSigned: boolean): HttpResponse {
    if (!isSigned) return answer(403);
    const isThere = this.resources.has(path);
    if (method === 'PUT') this.resources.set(path, {});
    if (method === 'DELETE') this.resources.delete(path);
    return answer(method === 'DELETE' ? 204 : isThere || method === 'PUT' ? 200 : 404);
  }

  /** devpi's short form: `key=value` sets, `key-=` drops. */
  private change(path: string, words: readonly string[]): void {
    const fields = new Map(Object.entries(this.resources.get(path) ?? {}));
    for (const word of words) {
      const [key = '', value = ''] = word.split('=');
      if (key.endsWith('-')) fields.delete(key.slice(0, -1));
      else fields.set(key, value);
    }
    this.resources.set(path, Object.fromEntries(fields));
  }

  /** Sets fields of a user or an index; makes it when it isn't there. */
  merge(path: string, fields: Fields): void {
    this.resources.set(path, { ...this.resources.get(path), ...fields });
  }
}

function answer(status: number, result: Fields = {}): HttpResponse {
  return { status, headers: {}, body: JSON.stringify({ result }) };
}

// Secrets are plain on the wire.
function plain(value: unknown): unknown {
  if (value instanceof Secret) return reveal(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
