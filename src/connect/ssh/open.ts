import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { HostWriter } from '../../model/host.ts';
import type { HostTarget } from '../../model/project.ts';
import type { Turnstile } from '../../model/turnstile.ts';
import { withoutSecrets } from '../environment.ts';
import { ShellWriter } from '../shell/host.ts';
import { RemoteTransport } from '../shell/remote.ts';
import { type RoundTrip, TracedTransport } from '../shell/trace.ts';
import { authenticationOf, type Credentials } from './authentication.ts';
import { connectOver, type SshConnection } from './connection.ts';
import { dial } from './dial.ts';
import { handshakeGates } from './handshakes.ts';
import { ProxyCommand } from './proxy-command.ts';
import { ownHome, type SshHome, type SshSettings, settingsOf } from './settings.ts';
import type { Trust } from './verify.ts';

export interface SshAsk extends Trust {
  /** Called with every round trip. */
  readonly tell?: (trip: RoundTrip) => void;
  /** Shared by hosts that are opened side by side: many may lie behind one server. */
  readonly handshakes?: Turnstile;
}

export interface SshHost {
  readonly writer: HostWriter;
  /** Leaves, and signs in again. Rejects as `openSshHost` does; the next question tries once more. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** A host with nothing on it but sshd, sh and coreutils. Signs in at once: rejects with what is in the way. */
export async function openSshHost(target: HostTarget, ask: SshAsk, home: SshHome = ownHome()): Promise<SshHost> {
  const asked = target.ssh ?? {};
  const settings = await settingsOf(target.name, asked, home);
  const become = target.become?.user === settings.user ? undefined : target.become;
  const way = { trust: ask, home, trail: [target.name], handshakes: ask.handshakes ?? handshakeGates() };
  const transport = new RemoteTransport(() => connectTo(settings, asked, way), become);
  await transport.enter().catch(async (error: unknown) => {
    await transport.close();
    throw error;
  });
  const told = ask.tell ? new TracedTransport(transport, ask.tell) : transport;
  return {
    writer: new ShellWriter(told),
    renew: async () => {
      await transport.close();
      await transport.enter();
    },
    close: () => transport.close(),
  };
}

interface Way {
  readonly trust: Trust;
  readonly home: SshHome;
  /** Hosts whose own way this is a part of. */
  readonly trail: readonly string[];
  readonly handshakes: Turnstile;
}

/** A signed-in connection, through all hops, which are left with it. */
export async function connectTo(settings: SshSettings, credentials: Credentials, way: Way): Promise<SshConnection> {
  const hops: SshConnection[] = [];
  const leave = (): void => {
    for (const hop of hops.toReversed()) hop.close();
  };
  try {
    for (const jump of settings.jumps) hops.push(await hopTo(jump, hops.at(-1), way));
    const connection = await connectBehind(settings, hops.at(-1), { credentials, way });
    void connection.ended.then(leave);
    return connection;
  } catch (error) {
    leave();
    throw error;
  }
}

// Each hop is a connection of its own, its key judged like any other; the first one may have hops of its own.
async function hopTo(jump: string, before: SshConnection | undefined, way: Way): Promise<SshConnection> {
  const { user, host, port } = jumpOf(jump);
  const settings = await settingsOf(host, { host, ...(user ? { user } : {}), ...(port ? { port } : {}) }, way.home);
  if (before) return connectBehind(settings, before, { credentials: {}, way });
  const trail = [...way.trail, host];
  if (way.trail.includes(host)) throw new CairnError(circle(trail));
  return connectTo(settings, {}, { ...way, trail });
}

function circle(trail: readonly string[]): Diagnostic {
  return problem('ssh-config', `ProxyJump leads in a circle: ${trail.join(' → ')}`, {
    help: `give ${trail.at(-1)} a Host block with ProxyJump none, above the one with the jump`,
  });
}

async function connectBehind(
  settings: SshSettings,
  hop: SshConnection | undefined,
  { credentials, way: { trust, handshakes } }: { readonly credentials: Credentials; readonly way: Way },
): Promise<SshConnection> {
  const authentication = await authenticationOf(settings, credentials);
  if (hop) return connectOver(await hop.through(settings.host, settings.port), settings, authentication, trust);
  if (settings.proxyCommand === undefined) {
    const server = `${settings.host}:${settings.port}`;
    return handshakes.through(server, async () => connectOver(await dial(settings), settings, authentication, trust));
  }
  const proxy = new ProxyCommand(settings.proxyCommand, withoutSecrets(process.env));
  return connectOver(proxy, settings, authentication, trust).catch(async (error: unknown) => {
    throw await proxy.explain(error, settings);
  });
}

/** `user@host:port`, as `ssh -J` takes it; IPv6 in brackets. */
function jumpOf(text: string): { readonly user?: string; readonly host: string; readonly port?: number } {
  const {
    user,
    host = text,
    plain,
    port,
  } = /^(?:ssh:\/\/)?(?:(?<user>[^@]+)@)?(?:\[(?<host>[^\]]+)\]|(?<plain>[^:]+))(?::(?<port>\d+))?$/.exec(text)
    ?.groups ?? {};
  return {
    host: plain ?? host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
