import { randomUUID } from 'node:crypto';
import type { KeycloakWriter, KeycloakWritten } from '../../model/keycloak.ts';
import { revealText, Secret } from '../../model/secret.ts';
import { routes } from './keycloak-routes.ts';
import { type FakeRealm, freshRealm, type Rep } from './keycloak-store.ts';

const conflict: KeycloakWritten = { is: 'conflict' };

/** A Keycloak in memory, as far as our types use one: the same paths, the same ways to change what is there. */
export class FakeKeycloak implements KeycloakWriter {
  /** How many writes reached it. */
  writes = 0;
  readonly #id = randomUUID();
  readonly #realms = new Map<string, FakeRealm>();

  identity(): Promise<string> {
    return Promise.resolve(this.#id);
  }

  get(path: string): Promise<unknown> {
    const found = this.#route('GET', path);
    return Promise.resolve(structuredClone(found ?? null));
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

  /** Everything in it, by realm, sort and id. */
  snapshot(): ReadonlyMap<string, unknown> {
    const found = [...this.#realms].flatMap(([name, { rep, ...lists }]) => [
      [name, rep] as const,
      ...Object.entries(lists).flatMap(([sort, things]) =>
        [...things].map(([id, thing]) => [`${name}/${sort}/${id}`, plainOf(thing)] as const),
      ),
    ]);
    return new Map(structuredClone(found));
  }

  #write(method: Method, path: string, body: unknown): Promise<KeycloakWritten> {
    this.writes += 1;
    const done = this.#route(method, path, sent(body));
    if (done === undefined || done === null) return Promise.resolve(conflict);
    const id = typeof done === 'object' && 'id' in done ? { id: String(done.id) } : {};
    return Promise.resolve({ is: 'written', ...id });
  }

  #route(method: Method, path: string, body?: unknown): unknown {
    const [way = '', query = ''] = path.split('?');
    const [name = '', ...rest] = way.split('/').map(decodeURIComponent);
    if (name === '' && method === 'POST') return this.#addRealm(body as Rep);
    const realm = this.#realms.get(name);
    if (!realm) return undefined;
    if (rest.length === 0 && method === 'DELETE') return this.#realms.delete(name);
    for (const [pattern, handlers] of routes) {
      const parts = matched(pattern, rest);
      const handle = parts && handlers[method];
      if (handle) return handle(realm, parts, { body, query: new URLSearchParams(query) });
    }
    throw new Error(`the fake Keycloak knows no ${method} ${way}`);
  }

  #addRealm(body: Rep): Rep | null {
    const name = String(body.realm);
    if (this.#realms.has(name)) return null;
    const realm = freshRealm(body);
    this.#realms.set(name, realm);
    return realm.rep;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The parts of a path that a pattern leaves open, or null: `clients/*` fits `clients/1`; `**` takes all that follows. */
function matched(pattern: string, parts: readonly string[]): readonly string[] | null {
  const wanted = pattern === '' ? [] : pattern.split('/');
  const isOpen = wanted.at(-1) === '**';
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return null;
  if (!wanted.every((want, i) => want === '*' || want === '**' || want === parts[i])) return null;
  const found = wanted.flatMap((want, i) => (want === '*' ? [parts[i] ?? ''] : []));
  return isOpen ? [...found, ...parts.slice(wanted.length - 1)] : found;
}

function plainOf(thing: unknown): unknown {
  return thing instanceof Set || thing instanceof Map ? [...thing] : thing;
}

function sent(value: unknown): unknown {
  if (value instanceof Secret) return revealText(value);
  if (Array.isArray(value)) return value.map(sent);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sent(inner)]));
}
