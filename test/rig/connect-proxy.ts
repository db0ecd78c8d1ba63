import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';

/** A proxy that hands connections on; every host it is asked for is this machine. */
export interface ConnectProxy {
  readonly port: number;
  /** What it was asked for: `kube.test:6443`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** @param secured its own certificate, where it is to be spoken to over TLS */
export async function openConnectProxy(
  wants: { readonly user: string; readonly password: string } | null,
  secured?: { readonly cert: Buffer; readonly key: Buffer },
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const pass = wants && `Basic ${Buffer.from(`${wants.user}:${wants.password}`).toString('base64')}`;
  const server: Server = secured ? createTlsServer(secured) : createServer();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(request.url ?? '');
    open.add(client);
    client.on('error', () => client.destroy());
    if (pass !== null && request.headers['proxy-authorization'] !== pass) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="rig"\r\n\r\n');
      return;
    }
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    asked,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
