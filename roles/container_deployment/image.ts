import { type Deferred, k8s, type Secret, type VarsOf } from '@cairnhq/cairn';
import { signer } from '../gateway/authority.ts';
import type { gateway } from '../gateway/index.ts';
import { builtImage } from '../image/index.ts';
import type { registry } from '../registry/index.ts';
import { dockerLogin } from '../registry/login.ts';
import { type containerDeployment, names } from './index.ts';

export interface Vars {
  readonly containerDeployment: VarsOf<typeof containerDeployment>;
  readonly gateway: VarsOf<typeof gateway>;
  readonly registry: VarsOf<typeof registry>;
}

/** `registry.cairn.localhost/library/devpi`, without a tag. */
export function imageOf({ containerDeployment: { image }, registry: { host } }: Vars): string {
  return `${host}/${image}`;
}

/** The base that Cairn itself puts into the registry: the image that steps/images builds, beside what is built of it. */
export function ownBase({ containerDeployment: { image }, registry: { host } }: Vars) {
  const source = builtImage('devpi').tag;
  const repository = `${image}-base`;
  const tag = source.replace(/^.*:/, '');
  return { source, repository, tag, name: `${host}/${repository}:${tag}` };
}

/** What a build begins with. */
export function baseOf(vars: Vars): string {
  return vars.containerDeployment.base || ownBase(vars).name;
}

/** The builder's login to the registry, and whom to trust there: nobody else than others do where a public authority signs. */
export function registryAccess(
  { containerDeployment: { namespace }, gateway, registry }: Vars,
  password: Deferred<Secret>,
) {
  const signedBy = signer(gateway);
  const { certificate } = signedBy.out;
  return {
    signer: signedBy,
    login: dockerLogin(registry, password, { namespace, name: names.login }),
    trust: k8s.configMap({ namespace, name: names.trust, data: { 'ca.crt': certificate } }),
  };
}
