import { type KubeReader, k8s, type VarsOf } from '@cairnhq/cairn';
import { unprivileged } from '../workload/confined.ts';
import { names, type registry } from './index.ts';

/** A Job that the node has to pull an image for, by the registry's login. */
export function pullJob({ namespace, host }: VarsOf<typeof registry>, image: string) {
  const container = {
    name: 'probe',
    image: `${host}/${image}`,
    imagePullPolicy: 'Always',
    securityContext: unprivileged,
  };
  const pod = {
    imagePullSecrets: [{ name: names.pull }],
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10004, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    restartPolicy: 'Never',
  };
  const spec = { backoffLimit: 0, activeDeadlineSeconds: 60, template: { spec: pod } };
  return k8s.job({ namespace, name: 'cairn-probe-pull', spec });
}

/** What the nodes run on: `amd64`. */
export async function architectureOf(kube: Pick<KubeReader, 'list'>): Promise<string> {
  const [node] = await kube.list({ apiVersion: 'v1', kind: 'Node' });
  const { nodeInfo } = (node?.status ?? {}) as { readonly nodeInfo?: { readonly architecture?: string } };
  return nodeInfo?.architecture ?? 'unknown';
}
