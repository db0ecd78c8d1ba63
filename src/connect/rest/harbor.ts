import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { HarborWriter } from '../../model/rest.ts';
import { type OpenOptions, optionsFor, RestClient, type RestOptions } from './client.ts';
import type { Dialect } from './dialect.ts';
import { failureOf, parsed } from './failure.ts';

/** Harbor's API, version 2.0. Nothing is contacted yet. @throws CairnError `ca-missing` */
export function openHarbor(target: KnownEndpoint, options: OpenOptions): HarborWriter {
  return new Harbor(target, optionsFor(target, options));
}

class Harbor extends RestClient implements HarborWriter {
  readonly #target: KnownEndpoint;
  readonly #dialect: Dialect;
  readonly #options: RestOptions;

  constructor(target: KnownEndpoint, options: RestOptions) {
    const dialect = dialectOf(target);
    super(`${target.url}/api/v2.0`, target, dialect, options);
    this.#target = target;
    this.#dialect = dialect;
    this.#options = options;
  }

  // A wrong password makes a visitor of us, who sees public projects alone: whether we are known is asked first.
  async identity(): Promise<string> {
    const who = await this.send('GET', 'users/current');
    const isKnown = who.status === 200 || who.status === robotsAreNoUsers;
    if (!isKnown) throw failureOf(this.#dialect, { name: this.#target.name, what: 'GET users/current' }, who);
    const info = parsed((await this.send('GET', 'systeminfo')).body) as { readonly external_url?: unknown } | null;
    const url = URL.parse(String(info?.external_url)) ?? new URL(this.#target.url);
    return url.host;
  }

  async accepts(user: string, secret: string): Promise<boolean> {
    const { http, way } = this.#options;
    const url = `${this.#target.url}/service/token?service=harbor-registry`;
    const answer = await http.send(url, { ...way, basic: { user, password: secret } });
    if (answer.status === 200) return true;
    if (answer.status === 401) return false;
    throw failureOf(this.#dialect, { name: this.#target.name, what: 'GET service/token' }, answer);
  }
}

const robotsAreNoUsers = 412;

function dialectOf({ login: { user, password } }: KnownEndpoint): Dialect {
  return {
    type: 'harbor',
    // Names of projects may be digits, which count as ids otherwise.
    request: { headers: { accept: 'application/json', 'x-is-resource-name': 'true' }, basic: { user, password } },
    firstPage: 'page=1&page_size=100',
    words,
    help: {
      unauthorized: 'look at user and password in endpoints.yaml of the inventory',
      forbidden: 'it takes an administrator, or a robot of the system, where a project is made or its name is new',
      missing: 'look at the name of the project, and at url in endpoints.yaml of the inventory',
    },
  };
}

interface Explained {
  readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
}

function words(body: unknown): string {
  const { errors = [] } = (body ?? {}) as Explained;
  return errors.map(({ code = '', message = '' }) => `${code} ${message}`.trim()).join('; ');
}
