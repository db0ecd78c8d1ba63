import { Writable } from 'node:stream';
import { PortForward } from '@kubernetes/client-node';
import type { Forward } from '../../model/kube.ts';
import { listen } from '../loopback.ts';
import type { KubeClient } from './client.ts';
import { webSocketConfig } from './web-socket.ts';

interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Opens a port on this machine's loopback; each connection to it goes to the pod over a web socket of its own. */
export async function forwardToPod(client: KubeClient, { namespace, name, port }: PodPort): Promise<Forward> {
  const failures: string[] = [];
  return listen(failures, (socket) => {
    const said = new Writable({
      write: (chunk: Buffer, _, done) => {
        const why = chunk.toString().trim();
        // The channel opens with the port's number and nothing behind it.
        if (why !== '') {
          failures.push(why);
          socket.destroy();
        }
        done();
      },
    });
    const opening = webSocketConfig(client).then((config) =>
      new PortForward(config).portForward(namespace, name, [port], socket, said, socket),
    );
    opening.then(
      (opened) => {
        const web = typeof opened === 'function' ? opened() : opened;
        socket.on('close', () => web?.close());
        if (web) web.onclose = () => socket.end();
      },
      (error: unknown) => {
        failures.push(messageOf(error));
        socket.destroy();
      },
    );
  });
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' && message !== '' ? message : 'the server refused the connection';
}
