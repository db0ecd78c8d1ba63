import type { Agent, IncomingMessage } from 'node:http';
import { plainHttp, secureHttp } from '../builtin.ts';
import type { Access } from './kubeconfig.ts';
import { type Answer, type Line, NotSent, type Sent, type Transport } from './transport.ts';
import { connectionsOf } from './tunnel.ts';

type Way = Pick<Access, 'server' | 'tls' | 'proxy'>;

/** Speaks HTTP/1.1 over connections that are kept, one request at a time on each. */
export function openHttp1(way: Way): Transport {
  const all = new Set<Http1Line>();
  let isRetired = false;
  const end = (line: Http1Line): void => {
    all.delete(line);
    line.end();
  };
  return {
    line() {
      for (const line of all) {
        if (line.isEnded) end(line);
        else if (line.isIdle) return line.take();
      }
      const line = new Http1Line(way, () => isRetired && end(line));
      all.add(line);
      return line;
    },
    retire() {
      isRetired = true;
      for (const line of all) if (line.isIdle) end(line);
    },
    close: () => all.forEach(end),
  };
}

/** One connection, opened by its first request and never again. */
class Http1Line implements Line {
  isIdle = false;
  isEnded = false;
  readonly #server: URL;
  readonly #agent: Agent;
  readonly #onDone: () => void;

  constructor(way: Way, onDone: () => void) {
    this.#server = way.server;
    this.#onDone = onDone;
    this.#agent = agentFor(way);
    const open = this.#agent.createConnection.bind(this.#agent);
    let isOpened = false;
    this.#agent.createConnection = (options, done) => {
      if (isOpened) throw new NotSent('the server ended the connection');
      isOpened = true;
      return open(options, done);
    };
  }

  take(): this {
    this.isIdle = false;
    return this;
  }

  done(): void {
    this.isIdle = true;
    this.#onDone();
  }

  end(): void {
    this.#agent.destroy();
  }

  send({ method, path, headers, body, timeout }: Sent): Promise<Answer> {
    const { request: start } = this.#server.protocol === 'http:' ? plainHttp() : secureHttp();
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeout);
      // Node says nothing about the body of a DELETE by itself.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { method, headers: { ...headers, ...length }, agent: this.#agent, signal };
      const request = start(new URL(path, this.#server), options, (response) => {
        collect(response).then(resolve, reject);
      });
      request.once('socket', (socket) => {
        if (!request.reusedSocket) socket.once('close', () => this.#ended());
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  #ended(): void {
    this.isEnded = true;
  }
}

/** Keeps a connection to a server, opened the way that leads there. */
export function agentFor(way: Way): Agent {
  const keep = { keepAlive: true, maxSockets: 1, noDelay: true };
  const isPlain = way.server.protocol === 'http:';
  const agent = isPlain ? new (plainHttp().Agent)(keep) : new (secureHttp().Agent)({ ...keep, ...way.tls });
  agent.createConnection = connectionsOf(way);
  return agent;
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() };
}
