import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, problem } from './diagnostic.ts';
import type { KubeObject, KubeReader } from './kube.ts';
import type { Forwarded, ForwardTarget } from './step.ts';

const longest = 60_000;

/** Opens a way to a Service or a pod, lets it be used, and closes it whatever happens. */
export async function forwardTo<T>(
  kube: KubeReader,
  to: ForwardTarget,
  use: (address: Forwarded) => Promise<T>,
): Promise<T> {
  const { pod, port } = 'pod' in to ? await portOfPod(kube, to) : await portOfService(kube, to);
  const forward = await kube.forward({ namespace: to.namespace, name: pod.metadata.name }, port);
  const over = new AbortController();
  try {
    const address = { host: '127.0.0.1', port: forward.port, url: `http://127.0.0.1:${forward.port}` };
    return await Promise.race([use(address), tooLong(to, over.signal)]);
  } catch (error) {
    const [said] = forward.failures;
    if (said === undefined) throw error;
    throw failure(to, 'the connection failed', [said, error instanceof Error ? error.message : String(error)]);
  } finally {
    over.abort();
    await forward.close();
  }
}

async function tooLong(to: ForwardTarget, signal: AbortSignal): Promise<never> {
  const within = to.within ?? longest;
  await sleep(within, undefined, { signal });
  throw failure(to, `it took longer than ${within / 1000} s`);
}

interface Found {
  readonly pod: KubeObject;
  readonly port: number;
}

async function portOfPod(kube: KubeReader, to: ForwardTarget & { readonly pod: string }): Promise<Found> {
  const pod = await kube.get({ apiVersion: 'v1', kind: 'Pod', namespace: to.namespace, name: to.pod });
  if (!pod) throw failure(to, 'it does not exist');
  return { pod, port: containerPort(pod, to.port, to) };
}

async function portOfService(kube: KubeReader, to: ForwardTarget & { readonly service: string }): Promise<Found> {
  const { namespace, service: name } = to;
  const service = await kube.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (!service) throw failure(to, 'it does not exist');
  const spec = service.spec as ServiceSpec;
  const port = spec.ports?.find((one) => one.port === to.port || (one.name !== undefined && one.name === to.port));
  if (!port) throw failure(to, `it has no port ${to.port}`);
  const labelSelector = Object.entries(spec.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (labelSelector === '') throw failure(to, 'it selects no pods');
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  const pod = pods.find(isReady);
  if (!pod) throw failure(to, 'none of its pods is ready');
  return { pod, port: containerPort(pod, port.targetPort ?? port.port, to) };
}

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: number | string;
  }[];
}

interface PodSpec {
  readonly containers?: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

function containerPort(pod: KubeObject, port: number | string, to: ForwardTarget): number {
  if (typeof port === 'number') return port;
  const { containers = [] } = pod.spec as PodSpec;
  const found = containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port);
  if (!found) throw failure(to, `pod ${pod.metadata.name} has no port named ${port}`);
  return found.containerPort;
}

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function isReady({ status, metadata }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as PodStatus;
  const ready = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return ready && metadata.deletionTimestamp === undefined;
}

function failure(to: ForwardTarget, why: string, detail: readonly string[] = []): CairnError {
  const what = 'pod' in to ? `pod ${to.namespace}/${to.pod}` : `Service ${to.namespace}/${to.service}`;
  return new CairnError(problem('kube-forward', `port ${to.port} of ${what} can't be reached: ${why}`, { detail }));
}
