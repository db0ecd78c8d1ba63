import { connect, type Socket } from 'node:net';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { SshSettings } from './settings.ts';

/** Opens a TCP connection whose small packets leave at once: with Nagle's algorithm each trivial command would wait 40 ms. */
export function dial({ host, port, connectTimeout, family, localAddress }: SshSettings): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      ...(family === undefined ? {} : { family }),
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const late = (): unknown => socket.destroy(new Error(`no answer within ${connectTimeout} s`));
    const timer = setTimeout(late, connectTimeout * 1000);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(unreachable(host, port, error.message));
    });
  });
}

/** A host that doesn't answer, or not as an SSH server does. */
export function unreachable(host: string, port: number, why: string): CairnError {
  return new CairnError(
    problem('host-unreachable', `${host} port ${port} can't be reached by SSH: ${why}`, {
      help: 'look at ansible_host, ansible_port and ~/.ssh/config, and whether sshd runs there',
    }),
  );
}
