import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { credentialsOf } from './credentials.ts';
import { Gate } from './gate.ts';
import type { Access } from './kubeconfig.ts';
import { type Answer, openTransport, type Sent, type Transport } from './transport.ts';

/** Requests on their way at once. */
const mostInFlight = 32;
/** Milliseconds for one attempt: a silent server is noticed by then. */
const attemptTimeout = 15_000;
/** Milliseconds for a request with all its attempts. */
const totalTimeout = 60_000;
/** Milliseconds for the first contact: a cluster that isn't there is told from one that stumbles. */
const firstContact = 3_000;
const firstPause = 100;
const longestPause = 5_000;

export interface Request extends Pick<Sent, 'method' | 'path' | 'body'> {
  readonly contentType?: string;
  /** Changes nothing, or is safe to send twice: sent again when the connection broke or the server stumbled. */
  readonly repeatable: boolean;
}

/** A write of which nobody knows whether it took effect. */
export class UnknownOutcome extends Error {}

/** Sends requests to one API server: few at once, again when told to, each with a deadline. */
export class KubeClient {
  readonly access: Access;
  readonly #gate = new Gate(mostInFlight);
  #transport: Promise<Transport> | null = null;
  readonly #closed = new AbortController();
  #reached = false;
  #credentials: Promise<Access> | null = null;

  constructor(access: Access) {
    this.access = access;
  }

  /**
   * The server's answer, whatever its status but 429 and 503, which are obeyed.
   * @throws CairnError `kube-unreachable`; UnknownOutcome for a write whose answer got lost
   */
  async send(request: Request): Promise<Answer> {
    return this.#gate.pass(() => this.#persist(request));
  }

  /** Ends the connection; what still waits for another try is given up, or it would keep the process alive. */
  close(): void {
    this.#closed.abort();
    this.#transport?.then(
      (transport) => transport.close(),
      () => {},
    );
    this.#transport = null;
  }

  async #persist(request: Request): Promise<Answer> {
    const began = Date.now();
    let renewed = false;
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      const result = await this.#attempt(request);
      if (!(result instanceof Error) && result.status === 401 && !renewed && this.access.plugin) {
        renewed = true;
        this.#renew();
        continue;
      }
      const wait = waitFor(result, request.repeatable, pause);
      const allowed = this.#reached ? totalTimeout : firstContact;
      const isOver = wait === null || Date.now() + wait - began > allowed || this.#closed.signal.aborted;
      if (isOver) return this.#finish(result, request);
      await sleep(wait, undefined, { signal: this.#closed.signal }).catch(() => {});
    }
  }

  #finish(result: Answer | Error, { repeatable }: Request): Answer {
    if (!(result instanceof Error)) return result;
    if (result instanceof CairnError) throw result;
    if (!repeatable && !(result instanceof NotSent)) throw new UnknownOutcome(result.message);
    throw unreachable(this.access, result);
  }

  async #attempt({ method, path, body, contentType }: Request): Promise<Answer | Error> {
    let transport: Transport;
    let access: Access;
    try {
      this.#credentials ??= credentialsOf(this.access);
      access = await this.#credentials;
      this.#transport ??= openTransport(access);
      transport = await this.#transport;
    } catch (error) {
      this.#renew();
      return error instanceof CairnError ? error : new NotSent(errorOf(error).message);
    }
    const headers = {
      accept: 'application/json',
      'user-agent': 'cairn',
      ...access.headers,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    try {
      const answer = await transport.send({
        method,
        path,
        headers,
        timeout: attemptTimeout,
        ...(body === undefined ? {} : { body }),
      });
      this.#reached = true;
      return answer;
    } catch (error) {
      this.#drop(transport);
      return errorOf(error);
    }
  }

  #renew(): void {
    this.#credentials = null;
    this.#transport = null;
  }

  // The broken one alone: another request may have opened a new one already.
  #drop(broken: Transport): void {
    const current = this.#transport;
    current?.then(
      (transport) => {
        if (transport === broken && this.#transport === current) this.#transport = null;
      },
      () => {},
    );
  }
}

/** It didn't leave this machine, so it had no effect. */
class NotSent extends Error {}

/** Milliseconds until it is worth another try, null when it isn't. */
function waitFor(result: Answer | Error, repeatable: boolean, pause: number): number | null {
  const jittered = pause * (0.5 + Math.random());
  if (result instanceof CairnError) return null;
  if (result instanceof Error) return repeatable || result instanceof NotSent ? jittered : null;
  // Both say that nothing was done.
  if (result.status === 429 || result.status === 503) return retryAfter(result) ?? jittered;
  return repeatable && result.status >= 500 ? jittered : null;
}

function retryAfter({ headers }: Answer): number | null {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && headers['retry-after'] !== undefined ? seconds * 1000 : null;
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unreachable({ server, context, kubeconfig }: Access, error: Error): CairnError {
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  return new CairnError(
    problem('kube-unreachable', `the cluster of context ${context} at ${server.origin} does not answer`, {
      detail: [`${error.message}${error.message.includes(code.slice(2, -1)) ? '' : code}`],
      help: `see whether it runs, and whether ${kubeconfig} still fits it`,
    }),
  );
}
