import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FarmHost } from './farm.ts';

/**
 * A long line to a host: its `slowPort` holds every byte for half of the round trip each way, and a new connection for a
 * whole one in place of the TCP handshake.
 * @param rtt milliseconds
 * @returns what ends it
 */
export async function openDelay({ port, slowPort }: FarmHost, rtt: number): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    near.pause();
    near.on('error', () => undefined);
    void sleep(rtt).then(() => {
      const far = connect({ host: '127.0.0.1', port, noDelay: true });
      for (const socket of [near, far]) open.add(socket.on('close', () => open.delete(socket)));
      far.on('error', () => near.destroy());
      carry(near, far, rtt / 2);
      carry(far, near, rtt / 2);
      near.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(slowPort, '127.0.0.1', resolve));
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

// One after the other: timers alone could change places.
function carry(from: Socket, to: Socket, wait: number): void {
  let before = Promise.resolve();
  const after = (act: () => void): void => {
    const due = performance.now() + wait;
    before = before.then(async () => {
      const left = due - performance.now();
      if (left > 0) await sleep(left);
      act();
    });
  };
  from.on('data', (bytes) => after(() => to.writable && to.write(bytes)));
  from.on('end', () => after(() => to.end()));
  from.on('close', () => after(() => to.destroy()));
}
