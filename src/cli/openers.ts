import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundTrip } from '../connect/shell/trace.ts';
import { handshakeGates } from '../connect/ssh/handshakes.ts';
import type { SshAsk, SshHost } from '../connect/ssh/open.ts';
import { FileLocks } from '../journal/file-locks.ts';
import { LeaseLocks } from '../journal/lease-locks.ts';
import { clusterId, endpointId, type TargetState } from '../model/connections.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import { type EndpointTarget, endpointTypes } from '../model/endpoint.ts';
import type { HostWriter } from '../model/host.ts';
import type { Become, ClusterTarget, HostTarget } from '../model/project.ts';
import type { Secret } from '../model/secret.ts';
import type { Openers } from './connections.ts';
import type { TraceIo } from './trace-io.ts';

/** What a command may do to targets: a plan's ports can't write. */
export type Access = 'read' | 'write';

export interface OpenerOptions {
  readonly onOpen: (close: () => void) => void;
  /** Keys of hosts that nobody knows yet are taken and remembered. */
  readonly acceptNewHostKeys: boolean;
  /** What a person typed, for hosts whose inventory gives none. */
  readonly becomePassword?: Secret;
  /** Is told of every round trip to a host. */
  readonly trace?: TraceIo;
}

/** A host as it was opened. */
interface Opened {
  readonly writer: HostWriter;
  readonly identity?: string;
  renew?(): Promise<void>;
}

/** Opens real targets; the connections' libraries are loaded only where one is used. */
export function openersFor(
  access: Access,
  stateFolder: string,
  { onOpen, acceptNewHostKeys, becomePassword, trace }: OpenerOptions,
): Openers {
  const handshakes = handshakeGates();
  const hostOf = async (target: HostTarget): Promise<Opened> => {
    const become = withPassword(target.become, becomePassword);
    const tell = trace && ((trip: RoundTrip): void => trace(target.name, trip));
    const told = { ...(become ? { become } : {}), ...(tell ? { tell } : {}) };
    if (target.connection === 'local') {
      const writer = await (await import('../connect/local/host.ts')).openLocalHost(become, tell);
      onOpen(() => writer.close());
      return { writer };
    }
    const host = target.pod
      ? await (await import('../connect/kubernetes/pod-host.ts')).openPodHost(target.pod, told)
      : await openBySsh(
          { ...target, ...(become ? { become } : {}) },
          { acceptNew: acceptNewHostKeys, handshakes, ...told },
        );
    onOpen(() => void host.close());
    return host;
  };
  return {
    async host(target) {
      const { writer, renew, identity = (await writer.ask({ ask: 'facts' })).machineId } = await hostOf(target);
      const id = `host:${target.name}/${identity}`;
      const locks = new FileLocks(join(stateFolder, 'locks', fileName(id)), `host ${target.name}`);
      return { is: 'open', id, host: { reader: writer, writer, ...(renew ? { renew } : {}) }, locks };
    },
    async cluster(target) {
      const absent = absentUntilProvided(target);
      if (absent && !existsSync(target.kubeconfig)) return absent;
      const { openCluster } = await import('../connect/kubernetes/open.ts');
      const cluster = await openCluster(target);
      onOpen(cluster.close);
      const uid = await cluster.reader.identity().catch((error: unknown) => {
        if (absent && error instanceof CairnError && error.code === 'kube-unreachable') return undefined;
        throw error;
      });
      if (uid === undefined) return absent ?? unreachable(target);
      const writer = access === 'write' ? cluster.writer : cluster.planner;
      const locks = new LeaseLocks(cluster.writer, `cluster ${target.name}`);
      return {
        is: 'open',
        id: clusterId(target.name, uid),
        uid,
        kubernetes: { reader: cluster.reader, writer },
        locks,
      };
    },
    async endpoint(target) {
      const absent = absentUntilProvided(target);
      if (absent && target.ca !== undefined && !existsSync(target.ca)) return absent;
      const { openEndpoint } = await import('../connect/endpoint.ts');
      const { ports, identity } = openEndpoint(target, access === 'write');
      const uid = await identity().catch((error: unknown) => {
        if (absent && error instanceof CairnError && notThere.has(error.code)) return undefined;
        throw error;
      });
      if (uid === undefined && absent) return absent;
      const id = endpointId(target.name, uid ?? '');
      const locks = new FileLocks(join(stateFolder, 'locks', fileName(id)), `endpoint ${target.name}`);
      return {
        is: 'open',
        id,
        ...(uid === undefined ? {} : { uid }),
        endpoint: ports,
        locks,
      };
    },
  };
}

/** What a service says that isn't there yet, or the gateway in front of it. */
const notThere: ReadonlySet<string> = new Set(['http-unreachable', ...endpointTypes.map((type) => `${type}-failed`)]);

async function openBySsh(target: HostTarget, ask: SshAsk): Promise<SshHost> {
  return (await import('../connect/ssh/open.ts')).openSshHost(target, ask);
}

function withPassword(become: Become | undefined, typed: Secret | undefined): Become | undefined {
  return become && typed && !become.password ? { ...become, password: typed } : become;
}

function absentUntilProvided({ providedBy }: ClusterTarget | EndpointTarget): TargetState | undefined {
  return providedBy === undefined ? undefined : { is: 'absent', providedBy };
}

function unreachable({ name, kubeconfig }: ClusterTarget): TargetState {
  return {
    is: 'unreachable',
    why: problem('kube-unreachable', `cluster ${name} does not answer`, { detail: [kubeconfig] }),
  };
}

function fileName(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}
