import { action, derive, type Secret, type VarsOf, type WorldReader } from '@cairnhq/cairn';
import { signer } from '../gateway/authority.ts';
import { kind } from '../kind/index.ts';
import { anyImage, RegistryClient } from '../registry/api.ts';
import { names as registryNames } from '../registry/index.ts';
import { existingLogin, loginIn } from '../registry/login.ts';
import { type Vars as ImageVars, ownBase } from './image.ts';
import { containerDeployment } from './index.ts';

export type Vars = ImageVars & { readonly kind: VarsOf<typeof kind> };

interface Pushed {
  /** Whether the registry has it under its tag, which names all that it is made of. */
  readonly isThere: boolean;
}

/** The base of builds in the registry, pushed by the node of the throw-away cluster, which has it. */
export function pushedBase(vars: Vars) {
  const { user } = vars.registry;
  const base = ownBase(vars);
  const login = existingLogin(vars.registry);
  const signedBy = signer(vars.gateway);
  // a line for whoever is asked by HTTP Basic, then whom to trust
  const told = derive(
    [login.out.data.password, signedBy.out.certificate],
    (password, certificate) => `${Buffer.from(`${user}:${password}`).toString('base64')}\n${certificate}`,
  );
  const pushed = action<Pushed, { readonly told: Secret }>({
    id: `push-${base.name}`,
    want: { isThere: true },
    given: { told },
    read: async (world) => ((await isThere(vars, world)) ? { isThere: true } : null),
    async run({ host }, { given }) {
      const argv = argvOf(vars);
      await host.change({ guards: [], operations: [{ do: 'run', argv, stdin: given.told }], readBack: [] });
    },
    usually: '10 s',
  }).keep('images stay in the registry: what was built upon them has their layers');
  return { login, signer: signedBy, pushed };
}

function argvOf(vars: Vars): [string, ...string[]] {
  const base = ownBase(vars);
  const { cache, name } = vars.kind;
  const script = containerDeployment.file('push-from-node.sh');
  return ['sh', script, kind.file('.'), cache, name, base.source, base.name];
}

async function isThere(vars: Vars, world: WorldReader): Promise<boolean> {
  const { namespace } = vars.registry;
  const kube = clusterOf(world);
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace, name: registryNames.login };
  if (kube === null || (await kube.get(secret)) === null) return false;
  const client = new RegistryClient(vars, { http: world.http, kube }, await loginIn(vars.registry, kube));
  const { repository, tag } = ownBase(vars);
  return (await client.digestOf(repository, tag, anyImage)) !== undefined;
}

// A step of hosts is planned before there is a cluster.
function clusterOf(world: WorldReader): WorldReader['kube'] | null {
  try {
    return world.kube;
  } catch {
    return null;
  }
}
