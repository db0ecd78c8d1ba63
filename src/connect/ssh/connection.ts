import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { RemoteConnection } from '../shell/channel.ts';
import { algorithmsFor } from './algorithms.ts';
import { type Authentication, inTurn } from './authentication.ts';
import { offerCertificates } from './certified.ts';
import { channelOf } from './channel.ts';
import { unreachable } from './dial.ts';
import { typesKnown } from './host-key.ts';
import type { SshSettings } from './settings.ts';
import { ssh2 } from './ssh2.ts';
import { knownHostsOf, refusalOf, serverOf, type Trust } from './verify.ts';

/** Milliseconds until a server must have shown its key, and for that and signing in, which may take a server longer. */
const [greeting, handshake] = [12_000, 20_000];

/** A signed-in connection to one host. */
export interface SshConnection extends RemoteConnection {
  /** Starts the user's login shell at a terminal of its own. */
  login(screen: { readonly term: string; readonly columns: number; readonly rows: number }): Promise<ClientChannel>;
  /** A byte stream to another host, through this one. */
  through(host: string, port: number): Promise<Duplex>;
}

/**
 * Speaks SSH over a stream: the server's key is judged before anything else is said.
 * @throws CairnError `host-key-…`, `host-unreachable`, `host-refused`
 */
export async function connectOver(
  sock: Duplex,
  settings: SshSettings,
  { methods, notes }: Authentication,
  trust: Trust,
): Promise<SshConnection> {
  const known = await knownHostsOf(settings);
  const client = new ssh2.Client();
  const next = inTurn(methods);
  let isSigningIn = false;
  let refused: Diagnostic | undefined;
  const ended = new Promise<string | undefined>((resolve) => {
    let why: string | undefined;
    client.on('error', (error) => {
      why = error.message;
    });
    client.once('close', () => resolve(why));
  });
  await new Promise<void>((resolve, reject) => {
    const mute = setTimeout(() => sock.destroy(new Error(`it says nothing for ${greeting / 1000} s`)), greeting);
    client.once('close', () => clearTimeout(mute));
    client.once('ready', resolve);
    client.once('error', (error) =>
      reject(refused ? new CairnError(refused) : explain(error, settings, { notes, isSigningIn })),
    );
    client.once('close', () => reject(unreachable(settings.host, settings.port, 'the server closed the connection')));
    client.connect({
      sock,
      username: settings.user,
      algorithms: algorithmsFor(typesKnown(known, serverOf(settings)), settings.algorithms),
      authHandler: (...asked) => {
        isSigningIn = true;
        next(...asked);
      },
      keepaliveInterval: settings.alive.seconds * 1000,
      keepaliveCountMax: settings.alive.most,
      readyTimeout: handshake,
      hostVerifier: (key: Buffer, verify: (isGood: boolean) => void) => {
        clearTimeout(mute);
        void refusalOf(settings, known, key, trust).then(
          (found) => {
            refused = found;
            verify(found === undefined);
          },
          () => verify(false),
        );
      },
    });
    offerCertificates(client);
  });
  return opened(client, sock, ended);
}

function opened(client: Client, sock: Duplex, ended: Promise<string | undefined>): SshConnection {
  const socket = sock as Duplex & { ref?(): void; unref?(): void };
  return {
    ended,
    exec: (command) =>
      new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => (error ? reject(error) : resolve(channelOf(channel))));
      }),
    login: ({ term, columns: cols, rows }) =>
      new Promise((resolve, reject) => {
        client.shell({ term, cols, rows, width: 0, height: 0 }, (error, channel) =>
          error ? reject(error) : resolve(channel),
        );
      }),
    through: (host, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
      }),
    rest: () => socket.unref?.(),
    wake: () => socket.ref?.(),
    close: () => client.end(),
  };
}

// ssh2 names the stage that failed in `level`; a server's own goodbye has its number in `code`.
function explain(
  error: Error & { readonly level?: string; readonly code?: number | string },
  { name, host, port, user }: SshSettings,
  { notes, isSigningIn }: { readonly notes: readonly string[]; readonly isSigningIn: boolean },
): CairnError {
  const hasShut = typeof error.code === 'number' && isSigningIn;
  if (error.level === 'client-authentication' || hasShut) {
    return new CairnError(
      problem('host-refused', `${name} (${host}) lets ${user} not in by any key or password that was offered`, {
        detail: hasShut ? [`it ended the connection before all were offered: ${error.message}`, ...notes] : notes,
        help: hasShut
          ? 'name the one key in ansible_ssh_private_key_file, or say IdentitiesOnly yes: a server takes few tries'
          : 'see ansible_user, ansible_ssh_private_key_file, the agent (ssh-add -l), or give ansible_password as a !secret',
      }),
    );
  }
  if (error.level === 'handshake') {
    return new CairnError(
      problem(
        'host-unreachable',
        `${name} (${host} port ${port}) and Cairn share no strong algorithm: ${error.message}`,
        {
          help: 'weak ones (SHA-1, CBC, DSA) are not offered; renew the SSH server',
        },
      ),
    );
  }
  return unreachable(host, port, error.message);
}
