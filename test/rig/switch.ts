import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { ApiServer } from './apiserver.ts';

/** An address behind which one API server stands, and later another one; to its clients that looks like a broken connection. */
export interface Switch {
  /** Its one context is that of somebody whom both servers know. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Breaks all connections once clients sent so many bytes from now, and leads to the other server from then on. */
  after(bytes: number): void;
  readonly isSwitched: boolean;
  close(): Promise<void>;
}

/** A token that both servers of a switch know; `openSwitch` gives it the rights of an administrator. */
const token = 'stranger';

/** @param protocol what it offers to clients */
export async function openSwitch(meant: ApiServer, other: ApiServer, protocol: 'h2' | 'http/1.1'): Promise<Switch> {
  const folder = dirname(meant.kubeconfig);
  const [cert, key] = await Promise.all(['apiserver.crt', 'apiserver.key'].map((name) => readFile(join(folder, name))));
  const open = new Set<TLSSocket>();
  const drop = (): void => {
    for (const one of open) one.destroy();
  };
  let left = Number.POSITIVE_INFINITY;
  let isSwitched = false;
  const server = createServer({ cert, key, ALPNProtocols: [protocol] }, (client) => {
    const { hostname: host, port } = new URL(isSwitched ? other.server : meant.server);
    const upstream = connect({ host, port: Number(port), ALPNProtocols: [protocol], rejectUnauthorized: false });
    for (const [one, twin] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one
        .on('error', () => {})
        .once('close', () => {
          open.delete(one);
          twin.destroy();
        });
    }
    upstream.pipe(client);
    client.on('data', (chunk) => {
      left -= chunk.length;
      if (left > 0) upstream.write(chunk);
      else if (!isSwitched) {
        isSwitched = true;
        drop();
      } else upstream.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const kubeconfig = join(folder, `switch-${randomBytes(4).toString('hex')}`);
  await writeFile(kubeconfig, kubeconfigOf(`https://127.0.0.1:${port}`));
  return {
    kubeconfig,
    context: 'either',
    after(bytes) {
      left = bytes;
      isSwitched = false;
      // What is open already leads to where the switch stood before.
      drop();
    },
    get isSwitched() {
      return isSwitched;
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lets clients of a switch do everything on a server. */
export async function welcome(rig: ApiServer): Promise<void> {
  await rig.kubectl(['create', 'clusterrolebinding', 'both', '--clusterrole=cluster-admin', '--user=stranger']);
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    clusters: [{ name: 'either', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'somebody', user: { token } }],
    contexts: [{ name: 'either', context: { cluster: 'either', user: 'somebody' } }],
  });
}
