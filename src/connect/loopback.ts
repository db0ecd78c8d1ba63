import { createServer, type Server, type Socket } from 'node:net';
import type { Forward } from '../model/kube.ts';

/** A server on the loopback that hands out its connections, and ends them when it is closed. */
export async function listen(failures: readonly string[], accept: (socket: Socket) => void): Promise<Forward> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    accept(socket);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    port: portOf(server),
    failures,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
