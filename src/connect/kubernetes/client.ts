import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, messageOf, problem } from '../../model/diagnostic.ts';
import { CredentialSource, type Credentials } from './credentials.ts';
import { Gate } from './gate.ts';
import type { Access } from './kubeconfig.ts';
import { Garbled, type Reply, readReply } from './reply.ts';
import { waitFor } from './retry.ts';
import { identityPath, SameCluster } from './same-cluster.ts';
import { type Line, NotSent, openTransport, type Sent, type Transport } from './transport.ts';

/** Requests on their way at once. */
const mostInFlight = 32;
/** Milliseconds for one attempt: a silent server is noticed by then. */
const attemptTimeout = 15_000;
/** Milliseconds for a request with all its attempts, however long the server asks to be left alone. */
const totalTimeout = 60_000;
/** Milliseconds for the first contact: a cluster that isn't there is told from one that stumbles. */
const firstContact = 3_000;
const firstPause = 100;
const longestPause = 5_000;

export interface Request extends Pick<Sent, 'method' | 'path' | 'body'> {
  readonly contentType?: string;
  /** Changes nothing, or is safe to send twice: sent again when the connection broke or the server stumbled. */
  readonly repeatable: boolean;
  /** The answer is text: a log. */
  readonly isText?: boolean;
}

/** A write of which nobody knows whether it took effect. */
export class UnknownOutcome extends Error {}

/** Sends requests to one API server: few at once, again when told to, each with a deadline. */
export class KubeClient {
  readonly access: Access;
  readonly #gate = new Gate(mostInFlight);
  readonly #credentials: CredentialSource;
  readonly #same: SameCluster;
  readonly #closed = new AbortController();
  #transport: Promise<Transport> | null = null;
  #shown: Credentials['tls'] = {};
  #reached = false;

  constructor(access: Access) {
    this.access = access;
    this.#credentials = new CredentialSource(access);
    this.#same = new SameCluster(access);
  }

  /**
   * The server's answer, whatever its status; 429 and 503 are obeyed for as long as a request may take.
   * @throws CairnError `kube-unreachable`; UnknownOutcome for a write whose answer got lost
   */
  async send(request: Request): Promise<Reply> {
    return this.#gate.pass(() => this.#persist(request));
  }

  /** What a connection of its own shows the server; it took them just now. */
  async credentials(): Promise<Pick<Access, 'headers' | 'tls'>> {
    await this.send(identityRequest);
    const { headers, tls } = await this.#credentials.get();
    return { headers: { ...this.access.headers, ...headers }, tls: { ...this.access.tls, ...tls } };
  }

  /** Ends the connection; what still waits for another try is given up, or it would keep the process alive. */
  close(): void {
    this.#closed.abort();
    this.#leave((transport) => transport.close());
  }

  async #persist(request: Request): Promise<Reply> {
    const began = Date.now();
    let refused: Credentials | null = null;
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      const credentials = await this.#credentials.get();
      const result = await this.#attempt(request, credentials);
      const isRefused = !(result instanceof Error) && result.status === 401;
      if (isRefused && this.#credentials.isRenewable && refused === null) {
        refused = credentials;
        await this.#credentials.refuse(credentials);
        continue;
      }
      const wait = waitFor(result, request.repeatable, pause);
      const allowed = this.#reached ? totalTimeout : firstContact;
      const isOver = wait === null || Date.now() + wait - began > allowed || this.#closed.signal.aborted;
      if (isOver) return this.#finish(result, request);
      await sleep(wait, undefined, { signal: this.#closed.signal }).catch(() => {});
    }
  }

  #finish(result: Reply | Error, { repeatable }: Request): Reply {
    if (!(result instanceof Error)) return result;
    if (result instanceof CairnError) throw result;
    if (!repeatable && !(result instanceof NotSent)) throw new UnknownOutcome(result.message);
    throw unreachable(this.access, result);
  }

  async #attempt(request: Request, credentials: Credentials): Promise<Reply | Error> {
    const connected = this.#connected(credentials);
    let transport: Transport;
    try {
      transport = await connected;
    } catch (error) {
      // Another request may have opened one since.
      if (this.#transport === connected) this.#transport = null;
      return error instanceof CairnError ? error : new NotSent(messageOf(error), { cause: error });
    }
    const line = transport.line();
    const ask = async (what: Request): Promise<Reply | Error> => {
      const result = await this.#exchange(line, what, credentials);
      if (isBroken(result)) this.#drop(transport);
      return result;
    };
    try {
      return (await this.#same.check(line, () => ask(identityRequest))) ?? (await ask(request));
    } finally {
      line.done();
    }
  }

  async #exchange(line: Line, request: Request, credentials: Credentials): Promise<Reply | Error> {
    try {
      const answer = await line.send(this.#sentAs(request, credentials));
      this.#reached = true;
      const reply = readReply(answer, request.isText === true);
      if (request.path === identityPath) this.#same.learn(line, reply);
      return reply;
    } catch (error) {
      return errorOf(error);
    }
  }

  #sentAs({ method, path, body, contentType }: Request, credentials: Credentials): Sent {
    const headers = {
      accept: 'application/json',
      'user-agent': 'cairn',
      ...this.access.headers,
      ...credentials.headers,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    return { method, path, headers, timeout: attemptTimeout, ...(body === undefined ? {} : { body }) };
  }

  // A certificate belongs to the connection, a token to each request.
  #connected({ tls }: Credentials): Promise<Transport> {
    if (!isSamePair(tls, this.#shown)) this.#leave((transport) => transport.retire());
    this.#shown = tls;
    this.#transport ??= openTransport({ ...this.access, tls: { ...this.access.tls, ...tls } });
    return this.#transport;
  }

  #leave(how: (transport: Transport) => void): void {
    this.#transport?.then(how, () => {});
    this.#transport = null;
  }

  // The broken one alone: another request may have opened a new one already.
  #drop(broken: Transport): void {
    broken.retire();
    const current = this.#transport;
    current?.then(
      (transport) => {
        if (transport === broken && this.#transport === current) this.#transport = null;
      },
      () => {},
    );
  }
}

const identityRequest: Request = { method: 'GET', path: identityPath, repeatable: true };

// Garbled is an answer, too: the connection is whole.
function isBroken(result: Reply | Error): boolean {
  return result instanceof Error && !(result instanceof Garbled);
}

function isSamePair(a: Credentials['tls'], b: Credentials['tls']): boolean {
  return a.cert?.toString() === b.cert?.toString() && a.key?.toString() === b.key?.toString();
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unreachable({ server, context, kubeconfig, proxy }: Access, error: Error): CairnError {
  const way = proxy ? `, through the proxy ${proxy.shown},` : '';
  const where = `the cluster of context ${context} at ${server.origin}${way}`;
  if (error instanceof Garbled) {
    return new CairnError(
      problem('kube-garbled', `${where} does not answer as an API server does`, {
        detail: [error.message],
        help: 'something in between may answer in its place: a proxy, a sign-in page',
      }),
    );
  }
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const detail = code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
  return new CairnError(
    problem('kube-unreachable', `${where} does not answer`, {
      detail: [detail],
      help: `see whether it runs, and whether ${kubeconfig} still fits it`,
    }),
  );
}
