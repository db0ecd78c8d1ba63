import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import type { WorldReader } from '../../model/ports.ts';
import { Secret } from '../../model/secret.ts';
import { type KeyIn, textIn } from '../world/key-in.ts';

/** A devpi-server, and how this machine gets to it. */
export interface DevpiServer {
  /** `https://devpi.example` */
  readonly url: string;
  /** The password of devpi's own `root`, who may do everything. */
  readonly password: Secret | KeyIn;
  /** Authorities to trust besides the system's, PEM; where that ConfigMap isn't there, the system's alone. */
  readonly ca?: string | KeyIn;
  /** Connect to this address instead of asking the resolver: `127.0.0.1`. */
  readonly connectTo?: string;
}

/** `devpi/devpi.example/root/prod`: a cluster may have several servers, each with its own root. */
export function addressIn({ url }: DevpiServer, name: string): string {
  return `devpi/${new URL(url).host}/${name}`;
}

/** What devpi calls a result. */
export type Fields = Readonly<Record<string, unknown>>;

type Method = 'PUT' | 'PATCH' | 'DELETE';

/** Talks to a devpi-server as root. Rejects with a CairnError: `devpi-refused`, `http-unreachable`. */
export class DevpiClient {
  readonly #http: Http;
  readonly #url: string;
  readonly #way: HttpRequest;
  readonly #password: Secret;

  constructor(http: Http, url: string, { way, password }: { readonly way: HttpRequest; readonly password: Secret }) {
    this.#http = http;
    this.#url = url;
    this.#way = way;
    this.#password = password;
  }

  /** What is at a path: `/root/prod`; null when nothing is. Most servers tell anybody, whatever root's password is. */
  async get(path: string): Promise<Fields | null> {
    const anybody = await this.#ask(path, {}, false);
    const answer = isRefused(anybody) ? await this.#ask(path, {}) : anybody;
    return answer.status === 404 ? null : this.#resultOf(`GET ${path}`, answer);
  }

  async send(method: Method, path: string, json?: unknown): Promise<void> {
    this.#resultOf(`${method} ${path}`, await this.#ask(path, { method, ...(json === undefined ? {} : { json }) }));
  }

  /** True when the server takes a user's password. */
  async accepts(user: string, password: string | Secret): Promise<boolean> {
    const request = { ...this.#way, method: 'POST', headers: asJson, json: { user, password } } as const;
    const answer = await this.#http.send(`${this.#url}/+login`, request);
    if (answer.status === 401) return false;
    this.#resultOf('POST /+login', answer);
    return true;
  }

  #ask(path: string, request: HttpRequest, isRoot = true): Promise<HttpResponse> {
    const login = isRoot ? { basic: { user: 'root', password: this.#password } } : {};
    return this.#http.send(`${this.#url}${path}`, { ...this.#way, ...request, headers: asJson, ...login });
  }

  // A gateway without devpi behind it has answers of its own.
  #resultOf(asked: string, response: HttpResponse): Fields {
    const { status, body } = response;
    const answer = parsed(body);
    if (status >= 200 && status < 300 && answer) return (answer.result ?? {}) as Fields;
    const said = answer?.message ?? body.trim().slice(0, 200);
    throw new CairnError(
      problem('devpi-refused', `${this.#url} refuses ${asked}: ${status} ${said}`, {
        ...(isRefused(response) ? { help: "look at the password of devpi's root" } : {}),
      }),
    );
  }
}

function isRefused({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

const asJson = { accept: 'application/json' };

function parsed(body: string): { readonly result?: unknown; readonly message?: unknown } | null {
  try {
    const found: unknown = JSON.parse(body);
    return typeof found === 'object' ? found : null;
  } catch {
    return null;
  }
}

/** Null while the Secret with its password isn't there: nobody serves it yet. */
export async function clientOf(server: DevpiServer, world: WorldReader): Promise<DevpiClient | null> {
  const { url, password, ca, connectTo } = server;
  const [secret, trusted] = await Promise.all([
    password instanceof Secret ? password : textIn(password, world),
    ca === undefined || typeof ca === 'string' ? ca : textIn(ca, world),
  ]);
  if (secret === null) return null;
  const way = {
    ...(trusted === undefined || trusted === null ? {} : { ca: trusted }),
    ...(connectTo === undefined ? {} : { connectTo }),
  };
  return new DevpiClient(world.http, url, { way, password: secret instanceof Secret ? secret : new Secret(secret) });
}

/** The same for a write, for which it must be there. @throws CairnError `devpi-absent` */
export async function demandClient(server: DevpiServer, world: WorldReader): Promise<DevpiClient> {
  const client = await clientOf(server, world);
  if (client) return client;
  throw new CairnError(
    problem('devpi-absent', `nothing serves ${server.url} yet`, {
      help: 'the Secret with its password is not there: run the step that makes it first',
    }),
  );
}
