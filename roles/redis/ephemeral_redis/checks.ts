import { setTimeout } from 'node:timers/promises';
import type { Probes } from '@cairnhq/cairn';

const mostTries = 10;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly phase?: string };
}

/** Where a Redis is: its namespace, and the name of its Service and pods. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

// By standard input: no argument list may show the password.
const ask = 'redis-cli -h "$1" 2>&1';
const withPassword =
  'sed -n "s/^requirepass //p" /run/secrets/redis/redis.conf | { read -r p; printf "AUTH %s\\n%s\\n" "$p" "$2"; }';

/** True when Redis holds a key. Asked of one of its own pods. */
export async function holds(place: Place, kube: Probes['kube'], key: string): Promise<boolean> {
  const pod = { namespace: place.namespace, name: await runningPod(place, kube) };
  const argv = ['sh', '-c', `${withPassword} | ${ask}`, 'redis', '127.0.0.1', `EXISTS ${key}`];
  const { stdout } = await kube.exec(pod, argv);
  return stdout.trim().split('\n').at(-1) === '1';
}

/** What Redis answers to PING through its Service: from one of its pods, with its password or without. */
export async function ping(place: Place, kube: Probes['kube'], login: 'password' | 'nobody'): Promise<string> {
  const { namespace, name } = place;
  const pod = { namespace, name: await runningPod(place, kube) };
  const script = login === 'password' ? `${withPassword} | ${ask}` : `echo PING | ${ask}`;
  // The node's rules for a Service follow a new pod a moment after it is ready.
  for (let tries = 1; ; tries += 1) {
    const { stdout } = await kube.exec(pod, ['sh', '-c', script, 'redis', `${name}.${namespace}`, 'PING']);
    const answer = stdout.trim().split('\n').at(-1) ?? '';
    if (!answer.startsWith('Could not connect') || tries === mostTries) return answer;
    await setTimeout(1_000);
  }
}

async function runningPod({ namespace, name }: Place, kube: Probes['kube']): Promise<string> {
  const labelSelector = `app.kubernetes.io/name=${name}`;
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })) as readonly Pod[];
  const running = pods.find(({ status }) => status?.phase === 'Running');
  if (!running) throw new Error(`no pod with ${labelSelector} runs in namespace ${namespace}`);
  return running.metadata.name;
}
