import type { Resource, VarsOf } from '@cairnhq/cairn';
import type { kind } from '../kind/index.ts';
import { archivePath, type Image, image, makeArchive, recipeOf } from './index.ts';

type Vars = VarsOf<typeof kind>;

const version = 'v2.14.21';

/** Argo CD's image under the name by which it is published; its archive is known by the recipe, too. */
export function argoCdImage(): Image {
  return { tag: `quay.io/argoproj/argocd:${version}`, archive: `argocd-${version}-${recipeOf('argo-cd')}.tar` };
}

/** Provides that image: the published one, or one built from its Go module and Debian packages. */
export function buildArgoCdImage(vars: Vars, usually: string): Resource<unknown> {
  const { tag, archive } = argoCdImage();
  const argv = ['argo-cd-image.sh', vars.cache, image.file('argo-cd'), tag] as const;
  return makeArchive(vars, archive, usually, [...argv, archivePath(vars, archive)]);
}
