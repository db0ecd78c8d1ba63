import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { host, type Resource, role, type VarsOf } from '@cairnhq/cairn';
import { kind } from '../kind/index.ts';

/** Container images made on this machine from packages, for a cluster that can't pull them. */
export const image = role(import.meta, {});

type Vars = VarsOf<typeof kind>;
type Recipe = 'devpi' | 'git' | 'keycloak' | 'redis';

/** An image and the archive in the cache that holds it. */
export interface Image {
  readonly tag: string;
  readonly archive: string;
}

const versions: Readonly<Record<Recipe, string>> = { devpi: '6.20.3', git: '2.39', keycloak: '26.4.0', redis: '7.0' };

/** An image of this project. Its tag names version and recipe, so a changed recipe is another image. */
export function builtImage(name: Recipe): Image {
  const label = `${versions[name]}-${recipeOf(name)}`;
  return { tag: `localhost/cairn/${name}:${label}`, archive: `${name}-${label}.tar` };
}

/** Another one when a file of a recipe, a folder of this role's files, changes. */
export function recipeOf(name: string): string {
  const folder = image.file(name);
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 8);
}

/** Builds an image of this project on the base image. */
export function buildImage(vars: Vars, name: Recipe, usually: string): Resource<unknown> {
  const { tag, archive } = builtImage(name);
  const context = image.file(name);
  const base = archivePath(vars, 'base-bookworm.tar');
  const argv = ['build-image.sh', vars.cache, join(context, 'Containerfile'), context, base, tag] as const;
  return makeArchive(vars, archive, usually, [...argv, archivePath(vars, archive)]);
}

/** Makes an archive of the cache by a script of the role `kind`, once. */
export function makeArchive(
  vars: Vars,
  archive: string,
  usually: string,
  [script, ...args]: readonly [string, ...string[]],
): Resource<unknown> {
  const path = archivePath(vars, archive);
  return host
    .command({
      id: `build-${archive.replace(/\.tar$/, '')}`,
      argv: ['sh', kind.file(script), ...args],
      creates: path,
      undo: ['rm', '-f', path],
      usually,
    })
    .keep('images are a cache');
}

/** Puts images into the cluster's node, those that it hasn't. */
export function loadImages({ cache, name }: Vars, images: readonly Image[]): Resource<unknown> {
  const archives = images.map(({ archive }) => archive);
  const tags = images.map(({ tag }) => tag);
  return host
    .command({
      id: 'load-images',
      argv: ['sh', kind.file('load-images.sh'), cache, name, ...archives],
      unless: ['sh', image.file('images-in-node.sh'), kind.file('.'), cache, name, ...tags],
      usually: '25 s',
    })
    .keep('images are a cache');
}

/** Where the cache holds an archive. */
export function archivePath({ cache }: Vars, archive: string): string {
  return `${cache}/images/${archive}`;
}
