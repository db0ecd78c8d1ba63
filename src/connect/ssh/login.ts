import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostTarget } from '../../model/project.ts';
import { handshakeGates } from './handshakes.ts';
import { connectTo } from './open.ts';
import { ownHome, type SshHome, settingsOf } from './settings.ts';
import type { Trust } from './verify.ts';

/** A terminal, as the host is told of it. */
export interface Screen {
  /** `xterm-256color`. */
  readonly term: string;
  readonly columns: number;
  readonly rows: number;
}

/** Somebody's shell on a host, at a terminal of its own. */
export interface Login {
  /** Takes what is typed, gives what is printed. */
  readonly stream: Duplex;
  resize(screen: Omit<Screen, 'term'>): void;
  /** What the shell ended with, 128 and more for a signal. Rejects with code `connection-lost`. */
  readonly ended: Promise<number>;
  close(): void;
}

/**
 * Logs in as the user that signs in, by the keys, host-key rules and hops of every connection.
 * @throws CairnError that says what is in the way
 */
export async function openLogin(
  target: HostTarget,
  screen: Screen,
  trust: Trust,
  home: SshHome = ownHome(),
): Promise<Login> {
  const asked = target.ssh ?? {};
  const connection = await connectTo(await settingsOf(target.name, asked, home), asked, {
    trust,
    home,
    trail: [target.name],
    handshakes: handshakeGates(),
  });
  const channel = await connection.login(screen).catch((error: Error) => {
    connection.close();
    throw new CairnError(problem('host-refused', `${target.name} gives nobody a terminal: ${error.message}`));
  });
  return {
    stream: channel,
    resize: ({ columns, rows }) => channel.setWindow(rows, columns, 0, 0),
    ended: endOf(channel, connection.ended, target.name),
    close: () => connection.close(),
  };
}

function endOf(channel: ClientChannel, lost: Promise<string | undefined>, name: string): Promise<number> {
  // With a terminal everything comes by one stream; the other one is read all the same, lest it block.
  channel.stderr.resume();
  // What is typed into a shell that just ended.
  channel.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    channel.once('exit', (code: number | null, signal?: string) => {
      status = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
    });
    const over = (why: string): void => {
      if (status !== undefined) resolve(status);
      else reject(new CairnError(problem('connection-lost', `the connection to ${name} broke: ${why}`)));
    };
    channel.once('close', () => over('the server closed it'));
    void lost.then((why) => over(why ?? 'the server closed it'));
  });
}
