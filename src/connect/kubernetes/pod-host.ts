import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostWriter } from '../../model/host.ts';
import type { Become, PodWay } from '../../model/project.ts';
import { ShellWriter } from '../shell/host.ts';
import { RemoteTransport } from '../shell/remote.ts';
import { type RoundTrip, TracedTransport } from '../shell/trace.ts';
import { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';
import { readAccess } from './kubeconfig.ts';
import { connectPod } from './pod-connection.ts';
import { RealKubeReader } from './reader.ts';

export interface PodAsk {
  readonly become?: Become;
  /** Called with every round trip. */
  readonly tell?: (trip: RoundTrip) => void;
}

export interface PodHost {
  readonly writer: HostWriter;
  /** The pod's UID: another pod of its name is another host. */
  readonly identity: string;
  close(): Promise<void>;
}

/**
 * A container with `sh` and coreutils in it, through exec.
 * @throws CairnError `kube-…` for the cluster, `host-unreachable` for the pod, `become-…`
 */
export async function openPodHost(way: PodWay, { become, tell }: PodAsk = {}): Promise<PodHost> {
  const client = new KubeClient(await readAccess(way.cluster.kubeconfig, way.cluster.context));
  const transports: RemoteTransport[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(transports.map((transport) => transport.close()));
    client.close();
  };
  const entered = async (as: Become | undefined): Promise<RemoteTransport> => {
    const transport = new RemoteTransport(async () => connectPod(client, way), as);
    transports.push(transport);
    await transport.enter();
    return transport;
  };
  try {
    const identity = await uidOf(client, way);
    const plain = await entered(undefined);
    const user = await nameIn(plain);
    const transport = become && user !== become.user ? await entered(become) : plain;
    return { identity, writer: new ShellWriter(tell ? new TracedTransport(transport, tell) : transport), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function uidOf(client: KubeClient, { namespace, name }: PodWay): Promise<string> {
  const reader = new RealKubeReader(client, new Discovery(client));
  const pod = await reader.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
  const uid = pod?.metadata.uid;
  if (typeof uid === 'string') return uid;
  throw new CairnError(
    problem('host-unreachable', `there is no pod ${namespace}/${name}`, {
      help: 'see ansible_kubectl_namespace and ansible_kubectl_pod',
    }),
  );
}

async function nameIn(transport: RemoteTransport): Promise<string> {
  const { stdout } = await new ShellWriter(transport).ask({ ask: 'run', argv: ['id', '-un'] });
  return stdout.trim();
}
