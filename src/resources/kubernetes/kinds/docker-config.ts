import { derive, type Input } from '../../../model/deferred.ts';
import type { More, Resource } from '../../../model/resource.ts';
import type { Secret } from '../../../model/secret.ts';
import type { SecretOut } from '../out.ts';
import type { InNamespace } from './helper.ts';
import { secret } from './secret.ts';

export interface DockerConfigSpec extends InNamespace {
  /** By host, as images name it (`registry.example`, `registry.example:5000`): who pulls and pushes there. */
  readonly registries: Readonly<Record<string, RegistryLogin>>;
}

export interface RegistryLogin {
  readonly user: Input<string>;
  readonly password: Input<Secret>;
}

const key = '.dockerconfigjson';

/** A Secret with logins to registries, as `imagePullSecrets` of pods and programs that push take it. */
export function dockerConfig({ registries, ...named }: DockerConfigSpec, more?: More): Resource<SecretOut<typeof key>> {
  const hosts = Object.keys(registries);
  const config = derive(
    Object.values(registries).flatMap(({ user, password }) => [user, password]),
    (...logins) => configOf(hosts, logins.map(String)),
  );
  return secret({ ...named, type: 'kubernetes.io/dockerconfigjson', data: { [key]: config as Input<Secret> } }, more);
}

function configOf(hosts: readonly string[], logins: readonly string[]): string {
  const auths = hosts.map((host, i) => {
    const [user = '', password = ''] = logins.slice(2 * i);
    return [host, { username: user, password, auth: Buffer.from(`${user}:${password}`).toString('base64') }] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(auths) });
}
