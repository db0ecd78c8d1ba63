import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export const faults = ['cut', 'stalled', 'corrupted'] as const;
export type Fault = (typeof faults)[number];

/** Where a fault strikes: the packet that a direction carries as its `nth`, from 1, over all connections. */
export interface Strike {
  readonly fault: Fault;
  readonly towards: 'host' | 'controller';
  readonly nth: number;
}

/** A way to an sshd on which one packet meets one fault; all else goes through. */
export interface FaultyWay {
  readonly port: number;
  /** Packets seen so far. */
  readonly seen: Readonly<Record<Strike['towards'], number>>;
  /** True once the fault has struck. */
  readonly hasStruck: boolean;
  close(): void;
}

/** @param strike without one it only counts */
export async function faultyWay(to: number, strike?: Strike): Promise<FaultyWay> {
  const sockets: Socket[] = [];
  const seen = { host: 0, controller: 0 };
  let hasStruck = false;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    const carry = (towards: Strike['towards'], from: Socket, into: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        seen[towards] += 1;
        const isIt = !hasStruck && strike?.towards === towards && strike.nth === seen[towards];
        if (!isIt) return void into.write(chunk);
        hasStruck = true;
        if (strike.fault === 'corrupted') into.write(flipped(chunk));
        else if (strike.fault === 'cut') for (const socket of [near, far]) socket.destroy();
        else for (const socket of [near, far]) socket.removeAllListeners('data').resume();
      });
      from.on('close', () => into.destroy());
    };
    carry('host', near, far);
    carry('controller', far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    seen,
    get hasStruck() {
      return hasStruck;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

// In the middle: the length in front would only make the other side wait.
function flipped(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  const at = Math.floor(copy.length / 2);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}
