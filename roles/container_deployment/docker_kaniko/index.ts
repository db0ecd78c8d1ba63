import { type Deferred, derive, k8s, type Secret, type VarsOf } from '@cairnhq/cairn';
import { signer } from '../../gateway/authority.ts';
import type { gateway } from '../../gateway/index.ts';
import { builtImage } from '../../image/index.ts';
import type { registry } from '../../registry/index.ts';
import { dockerLogin } from '../../registry/login.ts';
import { type containerDeployment, imagesOf, names } from '../index.ts';

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

/** The builder's login to the registry, and whom to trust there. */
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

const bundle = '/kaniko/ca-bundle.crt';

/** Volumes of the builder's pod. */
export function kanikoVolumes({ containerDeployment: { caBundle } }: Vars) {
  const login = { secretName: names.login, items: [{ key: '.dockerconfigjson', path: 'config.json' }] };
  return [
    { name: 'login', secret: login },
    { name: 'trust', configMap: { name: names.trust } },
    ...(caBundle === '' ? [] : [{ name: 'bundle', hostPath: { path: caBundle, type: 'File' } }]),
  ];
}

/** The container that builds `/workspace/image` and pushes it under a tag, and under the branch's name. */
export function kanikoContainer(vars: Vars, tag: string, certificate: Deferred<string>) {
  const { branch, caBundle } = vars.containerDeployment;
  const image = imageOf(vars);
  const fixed = [
    '--context=dir:///workspace/image',
    '--dockerfile=/workspace/image/Containerfile',
    `--destination=${image}:${tag}`,
    `--destination=${image}:${branch}`,
    // times and sizes tell what a command changed, in one layer: reading every file again takes most of a small build
    '--snapshot-mode=redo',
    '--single-snapshot',
    '--log-format=text',
    '--verbosity=warn',
    ...(caBundle === '' ? [] : [`--build-arg=PIP_CERT=${bundle}`]),
  ];
  const args = derive([certificate], (pem) =>
    pem === '' ? fixed : [...fixed, `--registry-certificate=${vars.registry.host}=/kaniko/trust/ca.crt`],
  );
  return {
    image: imagesOf(vars.containerDeployment).kaniko,
    imagePullPolicy: 'IfNotPresent',
    command: ['/kaniko/executor'],
    args,
    env: [
      { name: 'HOME', value: '/root' },
      { name: 'USER', value: 'root' },
      { name: 'PATH', value: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/kaniko' },
      { name: 'SSL_CERT_DIR', value: '/kaniko/ssl/certs' },
      { name: 'DOCKER_CONFIG', value: '/kaniko/.docker' },
    ],
    // it unpacks the base over its own root, so it is root, with the rights that a container has by default
    securityContext: { runAsUser: 0, allowPrivilegeEscalation: false },
    resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '2Gi' } },
    volumeMounts: [
      { name: 'work', mountPath: '/workspace' },
      { name: 'login', mountPath: '/kaniko/.docker', readOnly: true },
      { name: 'trust', mountPath: '/kaniko/trust', readOnly: true },
      ...(caBundle === '' ? [] : [{ name: 'bundle', mountPath: bundle, readOnly: true }]),
    ],
  };
}
