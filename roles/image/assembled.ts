import type { Resource, VarsOf } from '@cairnhq/cairn';
import type { kind } from '../kind/index.ts';
import { archivePath, type Image, image, makeArchive, recipeOf } from './index.ts';

type Vars = VarsOf<typeof kind>;

/** An image that its project publishes, and what is put together where it can't be pulled: a folder of this role's files is the recipe. */
interface Assembled {
  /** The name by which it is published. */
  readonly tag: string;
  /** Programs of `binaries.txt`, each with the files that it needs of its own Go module. */
  readonly programs: Readonly<Record<string, readonly string[]>>;
}

const images = {
  'argo-cd': {
    tag: 'quay.io/argoproj/argocd:v2.14.21',
    programs: {
      argocd: ['entrypoint.sh', 'hack/gpg-wrapper.sh', 'hack/git-verify-wrapper.sh'],
      kustomize: [],
      helm3: [],
    },
  },
  buildkit: {
    tag: 'docker.io/moby/buildkit:v0.28.1-rootless',
    programs: { buildkitd: ['examples/buildctl-daemonless/buildctl-daemonless.sh'], buildctl: [] },
  },
} as const satisfies Readonly<Record<string, Assembled>>;

type Name = keyof typeof images;

/** An image under the name by which it is published; its archive is known by the recipe, too. */
export function assembledImage(name: Name): Image {
  const { tag } = images[name];
  return { tag, archive: `${tag.replace(/^.*\//, '').replace(':', '-')}-${recipeOf(name)}.tar` };
}

/** Provides that image: the published one, or one built from Go modules and Debian packages. */
export function assembleImage(vars: Vars, name: Name, usually: string): Resource<unknown> {
  const { tag, archive } = assembledImage(name);
  const programs = Object.entries(images[name].programs).map((program) => program.flat().join(':'));
  return makeArchive(vars, archive, usually, [
    'assemble-image.sh',
    vars.cache,
    image.file(name),
    tag,
    archivePath(vars, archive),
    ...programs,
  ]);
}
