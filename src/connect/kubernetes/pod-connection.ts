import { PassThrough, Writable } from 'node:stream';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { PodWay } from '../../model/project.ts';
import type { RemoteChannel, RemoteConnection } from '../shell/channel.ts';
import type { ShellSink } from '../shell/transport.ts';
import type { KubeClient } from './client.ts';
import { webSocketConfig } from './web-socket.ts';

/** Bytes of input a message: servers between may refuse large ones. */
const pieceBytes = 32 * 1024;

type Socket = Awaited<ReturnType<Exec['exec']>>;

/** A container as a way to start shells: each is a web socket of its own, so there is nothing to hold open between them. */
export function connectPod(client: KubeClient, way: PodWay): RemoteConnection {
  const open = new Set<PodChannel>();
  let isAtRest = false;
  let end: (why: string | undefined) => void = () => undefined;
  const ended = new Promise<string | undefined>((resolve) => {
    end = resolve;
  });
  const hold = (): void => {
    for (const channel of open) channel.hold(!isAtRest);
  };
  return {
    ended,
    async exec(command) {
      const channel = await PodChannel.open(client, way, command);
      open.add(channel);
      void channel.closed.then((why) => {
        open.delete(channel);
        // One that broke is what a broken connection is elsewhere: what it began is looked for before anything goes on.
        if (channel.isLost) end(why);
      });
      hold();
      return channel;
    },
    rest: () => {
      isAtRest = true;
      hold();
    },
    wake: () => {
      isAtRest = false;
      hold();
    },
    close: () => {
      for (const channel of open) channel.close();
      end(undefined);
    },
  };
}

class PodChannel implements RemoteChannel {
  readonly closed: Promise<string | undefined>;
  /** Neither the program ended nor did we close it. */
  isLost = false;
  readonly #input = new PassThrough();
  #sink: ShellSink | undefined;
  #socket: Socket | undefined;
  #isClosed = false;
  #end: (why: string | undefined) => void = () => undefined;

  private constructor() {
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  static async open(client: KubeClient, way: PodWay, command: string): Promise<PodChannel> {
    const channel = new PodChannel();
    await channel.#start(client, way, command);
    return channel;
  }

  async #start(client: KubeClient, { namespace, name, container = '' }: PodWay, command: string): Promise<void> {
    const out = taking((chunk) => this.#sink?.stdout(chunk));
    const err = taking((chunk) => this.#sink?.stderr(chunk));
    let hasEnded = false;
    const over = ({ status, message }: V1Status): void => {
      hasEnded = true;
      this.#end(status === 'Success' ? undefined : message);
    };
    const argv = ['sh', '-c', command];
    const exec = new Exec(await webSocketConfig(client));
    this.#socket = await exec
      .exec(namespace, name, container, argv, out, err, this.#input, false, over)
      .catch((error: unknown) => {
        throw new CairnError(
          problem('host-unreachable', `pod ${namespace}/${name} gives no shell: ${saidBy(error)}`, {
            help: 'see whether it runs, ansible_kubectl_container, and whether you may create pods/exec',
          }),
        );
      });
    this.#socket.onclose = () => {
      this.isLost = !hasEnded && !this.#isClosed;
      this.#end('the connection was closed');
    };
  }

  listen(sink: ShellSink): void {
    this.#sink = sink;
  }

  send(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) this.#input.write(bytes.subarray(at, at + pieceBytes));
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  kill(): void {
    this.close();
  }

  /** Whether it keeps this process alive. */
  hold(isHeld: boolean): void {
    const { _socket: socket } = (this.#socket ?? {}) as { _socket?: { ref(): void; unref(): void } };
    if (isHeld) socket?.ref();
    else socket?.unref();
  }
}

function taking(take: (chunk: Buffer) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk);
      done();
    },
  });
}

function saidBy(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'the server refused it';
}
