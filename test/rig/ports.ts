import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

// The kernel gives those from 32768 on to whoever connects: until a server listens on one, somebody else may have it.
const [first, last] = [10_000, 30_000];

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = randomInt(first, last);
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return await freePort();
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** True where somebody listens. */
export async function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The status with which a web server answers, or undefined while none does. */
export async function statusOf(url: string): Promise<number | undefined> {
  return await fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );
}
