import type { KubeObject, KubeReader } from '../../../model/kube.ts';

const logLines = 12;

/** `Pod devpi/redis-0`. */
export function podName({ metadata }: KubeObject): string {
  return `Pod ${metadata.namespace}/${metadata.name}`;
}

/** The last lines that a container wrote before it ended; of the one that runs when none ended before. */
export async function lastLines(pod: KubeObject, container: string, from: KubeReader): Promise<readonly string[]> {
  const which = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, container, lines: logLines };
  const before = await from.logs({ ...which, previous: true });
  return before.length > 0 ? before : from.logs(which);
}
