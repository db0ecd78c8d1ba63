import { CairnError, type Deferred, type KubeReader, k8s, problem, Secret, type VarsOf } from '@cairnhq/cairn';
import { names, type registry, userOf } from './index.ts';

type Vars = VarsOf<typeof registry>;

/** The login, made once and kept. */
export function login(vars: Vars) {
  const data = { user: userOf(vars), password: k8s.generated(24) };
  return k8s.secret({ namespace: vars.namespace, name: names.login, data });
}

/** A Secret by which pods of a namespace pull, and a builder pushes: Docker's `config.json`. */
export function dockerLogin(
  vars: Vars,
  password: Deferred<Secret>,
  place: { readonly namespace: string; readonly name: string },
) {
  return k8s.dockerConfig({ ...place, registries: { [vars.host]: { user: userOf(vars), password } } });
}

/** The Secret with the login, for steps that come after. */
export function existingLogin({ namespace }: Vars) {
  return k8s.existing.secret({ namespace, name: names.login, keys: ['password'] });
}

/** The login as the cluster holds it. */
export async function loginIn(vars: Vars, kube: Pick<KubeReader, 'get'>) {
  const { namespace } = vars;
  const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.login });
  const { password } = (found?.data ?? {}) as { readonly password?: string };
  if (password !== undefined)
    return { user: userOf(vars), password: new Secret(Buffer.from(password, 'base64').toString()) };
  throw new CairnError(problem('no-password', `Secret ${namespace}/${names.login} holds no password`));
}
