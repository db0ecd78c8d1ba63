import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export const faults = ['cut', 'stalled', 'corrupted'] as const;
export type Fault = (typeof faults)[number];

/**
 * Where a fault strikes: the packet that carries the `byte` of a direction, from 0, over all connections. Bytes are nearly the same each run;
 * how many packets carry them is up to the load of the machine.
 */
export interface Strike {
  readonly fault: Fault;
  readonly towards: 'host' | 'controller';
  readonly byte: number;
}

/** A way to an sshd on which one packet meets one fault; all else goes through. */
export interface FaultyWay {
  readonly port: number;
  /** The first byte of each packet seen so far. */
  readonly packets: Readonly<Record<Strike['towards'], readonly number[]>>;
  /** True once the fault has struck. */
  readonly hasStruck: boolean;
  /** From now on nothing is struck any more. */
  spare(): void;
  close(): void;
}

/** @param strike without one it only writes down the packets */
export async function faultyWay(to: number, strike?: Strike): Promise<FaultyWay> {
  const sockets: Socket[] = [];
  const packets: Record<Strike['towards'], number[]> = { host: [], controller: [] };
  const carried = { host: 0, controller: 0 };
  let hasStruck = false;
  let isSpared = strike === undefined;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    const carry = (towards: Strike['towards'], from: Socket, into: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        packets[towards].push(carried[towards]);
        carried[towards] += chunk.length;
        const isIt = strike?.towards === towards && strike.byte < carried[towards];
        if (isSpared || !isIt) return void into.write(chunk);
        hasStruck = true;
        isSpared = true;
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
    packets,
    get hasStruck() {
      return hasStruck;
    },
    spare: () => {
      isSpared = true;
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
