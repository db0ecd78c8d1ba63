import { derive, k8s, probe, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { unprivileged } from '../workload/confined.ts';
import { type gateway, names } from './index.ts';

type Vars = VarsOf<typeof gateway>;

const dns = { namespace: 'kube-system', name: 'coredns' } as const;
const key = 'Corefile';
const [begin, end] = ['    # BEGIN names behind the gateway', '    # END names behind the gateway'];

/** The Service by which pods reach the gateway. */
export function gatewayService({ namespace }: Vars) {
  return k8s.service({
    namespace,
    name: names.gateway,
    spec: {
      selector: { 'app.kubernetes.io/name': names.class },
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'https', port: 443, targetPort: 'https' },
      ],
    },
  });
}

/** The names behind the gateway, for pods: CoreDNS answers them with the gateway's own address. */
export function namesInside(vars: Vars) {
  const now = probe({
    id: 'what CoreDNS is told',
    async read({ kube }) {
      const found = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', ...dns });
      return { corefile: (found?.data as Readonly<Record<string, string>> | undefined)?.[key] ?? '' };
    },
  });
  const corefile = derive([now.out.corefile], (text) => withRule(text, ruleOf(vars)));
  const rewritten = k8s.configMap({ ...dns, data: { [key]: corefile } }, { takeOver: [`data.${key}`] });
  // it would hear of them by itself, within a minute; meanwhile all that was answered before is
  const heard = k8s.object(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: dns,
      spec: { template: { metadata: { annotations: { 'cairn/names': vars.domain } } } },
    },
    { after: [rewritten], ready: { conditions: { Available: 'True' } } },
  );
  return { now, rewritten, heard };
}

function ruleOf({ namespace, domain }: Vars): string {
  const pattern = `^[^.]+\\.${domain.replaceAll('.', '\\.')}\\.$`;
  return `rewrite name regex ${pattern} ${names.gateway}.${namespace}.svc.cluster.local answer auto`;
}

// The first block of the file is the one for all names.
function withRule(text: string, rule: string): string {
  const lines = text.split('\n');
  const at = lines.indexOf(begin);
  const bare = at < 0 ? lines : lines.toSpliced(at, lines.indexOf(end, at) - at + 1);
  const opened = bare.findIndex((line) => line.trimEnd().endsWith('{'));
  return bare.toSpliced(opened + 1, 0, begin, `    ${rule}`, end).join('\n');
}

/** A pod that asks for a name until it is answered with this address, a minute at most: CoreDNS looks by itself whether it is told anything new. */
export function lookUp({ namespace }: Vars, { name, address }: { readonly name: string; readonly address: string }) {
  const script =
    'for _ in $(seq 120); do found=$(getent ahostsv4 "$1" | sed "s/ .*//;q"); [ "$found" != "$2" ] || exit 0; sleep 0.5; done; echo "$1 → ${found:-nothing}, expected $2"; exit 1';
  const container = {
    name: 'look-up',
    // any image with a shell and a resolver does
    image: builtImage('redis').tag,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', script, 'look-up', name, address],
    securityContext: unprivileged,
  };
  // a question to a CoreDNS that has just gone is asked again sooner than after five seconds
  const dnsConfig = { options: [{ name: 'timeout', value: '1' }] };
  const securityContext = { runAsNonRoot: true, runAsUser: 10002, seccompProfile: { type: 'RuntimeDefault' } };
  const pod = {
    securityContext,
    dnsConfig,
    containers: [container],
    restartPolicy: 'Never',
    enableServiceLinks: false,
  };
  return k8s.job({
    namespace,
    name: 'cairn-probe-names',
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 90,
      template: { spec: { ...pod, automountServiceAccountToken: false } },
    },
  });
}
