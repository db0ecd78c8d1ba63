import type { Resource, VarsOf } from '@cairnhq/cairn';
import type { devpi } from '../devpi/index.ts';
import type { kind } from '../kind/index.ts';
import { assembledImage, assembleImage } from './assembled.ts';
import { buildImage, builtImage, type Image, makeArchive } from './index.ts';
import { programImage, published } from './published.ts';

interface Vars {
  readonly devpi: VarsOf<typeof devpi>;
  readonly kind: VarsOf<typeof kind>;
}

/** An image that the node gets, and what makes its archive. */
interface Provided {
  readonly image: Image;
  readonly archive: Resource<unknown>;
}

const traefik = { tag: 'docker.io/library/traefik:v3.5.0', archive: 'traefik-v3.5.0.tar' };

/** All that the platform and the index run, and how long each usually takes to make from packages. */
export function providedImages({ devpi: { builder }, kind: vars }: Vars): readonly Provided[] {
  const own = (name: Parameters<typeof builtImage>[0], usually: string) => ({
    image: builtImage(name),
    archive: buildImage(vars, name, usually),
  });
  const program = (name: keyof typeof published, usually: string) => ({
    image: published[name],
    archive: programImage(vars, published[name], usually),
  });
  const assembled = (name: Parameters<typeof assembledImage>[0], usually: string) => ({
    image: assembledImage(name),
    archive: assembleImage(vars, name, usually),
  });
  return [
    own('redis', '15 s'),
    own('devpi', '50 s'),
    { image: traefik, archive: makeArchive(vars, traefik.archive, '5 min', ['traefik.sh', vars.cache]) },
    own('keycloak', '2 min'),
    program('oauth2Proxy', '1 min'),
    program('registry', '1 min'),
    own('git', '30 s'),
    program('minio', '2 min'),
    program('workflowController', '3 min'),
    program('argoexec', '3 min'),
    assembled('argo-cd', '6 min'),
    program('kaniko', '1 min'),
    ...(builder === 'buildkit' ? [assembled('buildkit', '4 min')] : []),
  ];
}
