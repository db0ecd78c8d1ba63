import { action, derive, k8s, type VarsOf, type WorldWriter } from '@cairnhq/cairn';
import { names as gatewayNames } from '../gateway/index.ts';
import { kind } from '../kind/index.ts';
import { registry } from './index.ts';

interface Vars {
  readonly registry: VarsOf<typeof registry>;
  readonly kind: VarsOf<typeof kind>;
  readonly gateway: { readonly namespace: string };
}

/** What the node knows of the registry. */
interface Known {
  /** Whether its name leads to the gateway. */
  readonly isNamed: boolean;
  /** PEM of the authority that it trusts for that name; empty: its own list. */
  readonly certificate: string;
}

/** The registry's name and certificate authority in the cluster's node, where kubelet and containerd know nothing of the cluster's DNS. */
export function nodeKnows(vars: Vars) {
  const { host } = vars.registry;
  const map = k8s.existing.object({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: vars.gateway.namespace,
    name: gatewayNames.authority,
  });
  const certificate = derive([map.out.data], (data) => (data as Readonly<Record<string, string>>)['ca.crt'] ?? '');
  const known = action<Known>({
    id: `registry-${host}-known-to-node`,
    want: { certificate, isNamed: true },
    async read(world) {
      const { status, stdout } = await world.host.ask({ ask: 'run', argv: argvOf(vars, 'show') });
      // no cluster yet: its node knows nothing
      if (status !== 0) return null;
      const [name, ...pem] = stdout.split('\n');
      const found = { isNamed: name === 'named', certificate: pem.join('\n') };
      return found.isNamed || found.certificate !== '' ? found : null;
    },
    run: ({ host: to }, { want }) => change(to, vars, want.certificate ?? ''),
    undo: ({ host: to }, before) => change(to, vars, before?.certificate ?? null),
    usually: '1 s',
  });
  return { authority: map, known };
}

async function change(host: WorldWriter['host'], vars: Vars, certificate: string | null): Promise<void> {
  const operation =
    certificate === null
      ? ({ do: 'run', argv: argvOf(vars, 'remove') } as const)
      : ({ do: 'run', argv: argvOf(vars, 'put'), stdin: certificate } as const);
  await host.change({ guards: [], operations: [operation], readBack: [] });
}

function argvOf({ registry: { host }, kind: { cache, name } }: Vars, what: string): [string, ...string[]] {
  return ['sh', registry.file('node.sh'), what, kind.file('.'), cache, name, host];
}
