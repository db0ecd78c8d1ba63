import { messageOf } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';

const logLines = 12;

/** `Pod devpi/redis-0`. */
export function podName({ metadata }: KubeObject): string {
  return `Pod ${metadata.namespace}/${metadata.name}`;
}

/** The last lines that a container wrote before it ended; of the one that runs when none ended before. */
export async function lastLines(
  pod: KubeObject,
  container: string,
  from: KubeReader,
  lines = logLines,
): Promise<readonly string[]> {
  const which = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, container, lines };
  try {
    const before = await from.logs({ ...which, previous: true });
    return before.length > 0 ? before : await from.logs(which);
  } catch (error) {
    // A node that doesn't answer must not hide what is known without it.
    return [`its log can't be read: ${messageOf(error)}`];
  }
}
