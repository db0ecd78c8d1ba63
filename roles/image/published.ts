import type { Resource, VarsOf } from '@cairnhq/cairn';
import type { kind } from '../kind/index.ts';
import { archivePath, type Image, makeArchive } from './index.ts';

type Vars = VarsOf<typeof kind>;

/** An image that its project publishes, and what it is made of where it can't be pulled. */
interface Published extends Image {
  /** Programs of `binaries.txt` by their paths in the image; the first is its entry point. */
  readonly programs: Readonly<Record<string, string>>;
}

const argoWorkflows = 'v3.6.10';

/** Images under the names by which they are published. */
export const published = {
  oauth2Proxy: {
    tag: 'quay.io/oauth2-proxy/oauth2-proxy:v7.6.0',
    archive: 'oauth2-proxy-v7.6.0.tar',
    programs: { 'oauth2-proxy': '/bin/oauth2-proxy' },
  },
  registry: {
    tag: 'docker.io/library/registry:3.1.2',
    archive: 'registry-v3.1.2.tar',
    programs: { registry: '/bin/registry' },
  },
  minio: {
    tag: 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z',
    archive: 'minio-2025-09-07.tar',
    programs: { minio: '/usr/bin/minio' },
  },
  workflowController: {
    tag: `quay.io/argoproj/workflow-controller:${argoWorkflows}`,
    archive: `workflow-controller-${argoWorkflows}.tar`,
    programs: { 'workflow-controller': '/bin/workflow-controller' },
  },
  argoexec: {
    tag: `quay.io/argoproj/argoexec:${argoWorkflows}`,
    archive: `argoexec-${argoWorkflows}.tar`,
    programs: { argoexec: '/bin/argoexec' },
  },
  kaniko: {
    tag: 'gcr.io/kaniko-project/executor:v1.24.0',
    archive: 'kaniko-v1.24.0.tar',
    programs: { kaniko: '/kaniko/executor' },
  },
} as const satisfies Readonly<Record<string, Published>>;

/** Provides an image: the published one, or one of its programs alone. */
export function programImage(vars: Vars, { tag, archive, programs }: Published, usually: string): Resource<unknown> {
  const contents = Object.entries(programs).map(([name, path]) => `${name}=${path}`);
  return makeArchive(vars, archive, usually, [
    'program-image.sh',
    vars.cache,
    tag,
    archivePath(vars, archive),
    ...contents,
  ]);
}
