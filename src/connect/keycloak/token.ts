import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { Http } from '../../model/http.ts';
import { reveal, Secret } from '../../model/secret.ts';
import type { Way } from '../http/way.ts';
import { failureOf } from './answer.ts';

// Seconds before its end at which a token is no longer used: a request takes a while.
const margin = 10;

interface Granted {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** The administrator's token: asked for when first needed, and again shortly before it ends; administrators' live a minute. */
export class AdminToken {
  readonly #target: KnownEndpoint;
  readonly #http: Http;
  readonly #way: Way;
  readonly #now: () => number;
  #held: { readonly token: Promise<Secret>; readonly until: number } | undefined;

  /** @param now milliseconds */
  constructor(target: KnownEndpoint, { http, way, now }: { http: Http; way: Way; now: () => number }) {
    this.#target = target;
    this.#http = http;
    this.#way = way;
    this.#now = now;
  }

  /** @throws CairnError `keycloak-unauthorized`, `keycloak-failed`, `http-unreachable` */
  get(): Promise<Secret> {
    if (this.#held && this.#now() < this.#held.until) return this.#held.token;
    const granted = this.#ask();
    // Until it is known how long it lives, whoever comes meanwhile waits for the same one.
    const held = { token: granted.then(({ token }) => token), until: Number.POSITIVE_INFINITY };
    this.#held = held;
    granted.then(
      ({ until }) => {
        if (this.#held === held) this.#held = { ...held, until };
      },
      () => this.forget(),
    );
    return held.token;
  }

  /** The server doesn't take it any more: the next one asked for is new. */
  forget(): void {
    this.#held = undefined;
  }

  async #ask(): Promise<{ readonly token: Secret; readonly until: number }> {
    const { url, login, name } = this.#target;
    const form = new URLSearchParams({
      grant_type: 'password',
      client_id: 'admin-cli',
      username: login.user,
    });
    const asked = this.#now();
    const address = `${url}/realms/${encodeURIComponent(login.realm)}/protocol/openid-connect/token`;
    const answer = await this.#http.send(address, {
      ...this.#way,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: withPassword(form, login.password),
    });
    if (answer.status === 400 || answer.status === 401) {
      throw new CairnError(
        problem('keycloak-unauthorized', `${name} doesn't let ${login.user} of realm ${login.realm} log in`, {
          detail: [failureOf(answer)],
          help: 'look at user, password and realm in endpoints.yaml of the inventory',
        }),
      );
    }
    if (answer.status !== 200) {
      const summary = `${name} gives no token: ${failureOf(answer)}`;
      throw new CairnError(problem('keycloak-failed', summary, { help: `see whether ${address} is a Keycloak` }));
    }
    const { access_token, expires_in } = JSON.parse(answer.body) as Granted;
    return { token: new Secret(access_token), until: asked + (expires_in - margin) * 1000 };
  }
}

function withPassword(form: URLSearchParams, password: Secret): Secret {
  const full = new URLSearchParams(form);
  full.set('password', reveal(password));
  return new Secret(full.toString());
}
