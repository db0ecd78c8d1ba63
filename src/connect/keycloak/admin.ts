import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import type { KeycloakWriter, KeycloakWritten } from '../../model/keycloak.ts';
import { reveal, Secret } from '../../model/secret.ts';
import type { Way } from '../http/way.ts';
import { refusal } from './answer.ts';
import { AdminToken } from './token.ts';

export interface AdminOptions {
  readonly http: Http;
  readonly way: Way;
  /** A plan's port can't write. */
  readonly mayWrite: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * The admin API of a Keycloak over our own HTTP: the official client takes a quarter of a second to load and knows no
 * authority of one server alone.
 */
export class KeycloakAdmin implements KeycloakWriter {
  readonly #target: KnownEndpoint;
  readonly #options: AdminOptions;
  readonly #token: AdminToken;

  constructor(target: KnownEndpoint, options: AdminOptions) {
    this.#target = target;
    this.#options = options;
    this.#token = new AdminToken(target, options);
  }

  async get(path: string): Promise<unknown> {
    const answer = await this.#send('GET', path);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refusal(this.#target.name, `GET ${path}`, answer);
    return JSON.parse(answer.body);
  }

  async identity(): Promise<string> {
    const realm = await this.get(encodeURIComponent(this.#target.login.realm));
    const id = typeof realm === 'object' && realm !== null && 'id' in realm ? realm.id : undefined;
    if (typeof id === 'string') return id;
    throw new CairnError(problem('keycloak-failed', `${this.#target.name} doesn't say who it is: its realm has no id`));
  }

  create(path: string, body: unknown): Promise<KeycloakWritten> {
    return this.#write('POST', path, body);
  }

  update(path: string, body: unknown): Promise<KeycloakWritten> {
    return this.#write('PUT', path, body);
  }

  remove(path: string, body?: unknown): Promise<KeycloakWritten> {
    return this.#write('DELETE', path, body);
  }

  async #write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<KeycloakWritten> {
    if (!this.#options.mayWrite) throw new Error(`a plan wants to write: ${method} ${path}`);
    const answer = await this.#send(method, path, body);
    if (answer.status === 404 || answer.status === 409) return { is: 'conflict' };
    if (answer.status >= 300) throw refusal(this.#target.name, `${method} ${path}`, answer);
    const id = answer.headers.location?.split('/').at(-1);
    return { is: 'written', ...(id === undefined ? {} : { id }) };
  }

  async #send(method: NonNullable<HttpRequest['method']>, path: string, body?: unknown): Promise<HttpResponse> {
    const { http, way } = this.#options;
    const url = `${this.#target.url}/admin/realms${path === '' ? '' : `/${path}`}`;
    const send = async (): Promise<HttpResponse> => {
      const headers = { authorization: new Secret(`Bearer ${reveal(await this.#token.get())}`) };
      return await http.send(url, { ...way, method, headers, ...(body === undefined ? {} : { json: body }) });
    };
    const answer = await send();
    // A server that was restarted, or whose keys were changed, doesn't know the token any more.
    if (answer.status !== 401) return answer;
    this.#token.forget();
    return send();
  }
}
