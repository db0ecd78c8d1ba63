import type { ClientChannel } from 'ssh2';
import type { RemoteChannel } from '../shell/channel.ts';

/** A channel of ssh2 as every remote shell is used. */
export function channelOf(channel: ClientChannel): RemoteChannel {
  // What is written to a channel that closed meanwhile: `closed` says so.
  channel.on('error', () => undefined);
  return {
    closed: new Promise((resolve) => channel.once('close', () => resolve(undefined))),
    listen: ({ stdout, stderr }) => {
      channel.on('data', stdout);
      channel.stderr.on('data', stderr);
    },
    send: (bytes) => void channel.write(bytes),
    close: () => channel.close(),
    kill: () => {
      channel.signal('TERM');
      channel.close();
    },
  };
}
