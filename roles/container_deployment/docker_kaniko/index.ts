import { derive } from '@cairnhq/cairn';
import { published } from '../../image/published.ts';
import { type Builder, builderMounts, builderResources } from '../builder.ts';
import { imageOf } from '../image.ts';

// What lies beneath /kaniko is no part of an image.
const places = { login: '/kaniko/.docker', trust: '/kaniko/trust', bundle: '/kaniko/ca-bundle.crt' };

/** Kaniko: root in its container, without privileges. */
export const kaniko: Builder = {
  volumes: [],
  container(vars, { tag, certificate }) {
    const { branch, caBundle, builderImage } = vars.containerDeployment;
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
      ...(caBundle === '' ? [] : [`--build-arg=PIP_CERT=${places.bundle}`]),
    ];
    const args = derive([certificate], (pem) =>
      pem === '' ? fixed : [...fixed, `--registry-certificate=${vars.registry.host}=${places.trust}/ca.crt`],
    );
    return {
      image: builderImage || published.kaniko.tag,
      imagePullPolicy: 'IfNotPresent',
      command: ['/kaniko/executor'],
      args,
      env: [
        { name: 'HOME', value: '/root' },
        { name: 'USER', value: 'root' },
        { name: 'PATH', value: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/kaniko' },
        { name: 'SSL_CERT_DIR', value: '/kaniko/ssl/certs' },
        { name: 'DOCKER_CONFIG', value: places.login },
      ],
      // it unpacks the base over its own root, so it is root, with the rights that a container has by default
      securityContext: { runAsUser: 0, allowPrivilegeEscalation: false },
      resources: builderResources,
      volumeMounts: builderMounts(vars, places),
    };
  },
};
