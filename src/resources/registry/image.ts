import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, type More, type Resource, type ResourceType } from '../../model/resource.ts';
import { Secret } from '../../model/secret.ts';
import { readingOf } from '../reading.ts';
import { type KeyIn, textIn } from '../world/key-in.ts';
import { looking } from '../world/looking.ts';
import { digestOf, type RegistryWay } from './client.ts';

/** A registry of images, and how this machine gets to it. */
export interface Registry {
  /** `https://registry.example` */
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: Secret | KeyIn };
  /** Authorities to trust besides the system's, PEM; one that is named and not there is none. */
  readonly ca?: string | KeyIn;
  /** Connect to this address instead of asking the resolver: `127.0.0.1`. */
  readonly connectTo?: string;
}

export interface ImageSpec {
  readonly registry: Registry;
  /** `library/devpi` */
  readonly repository: string;
  /** A tag, or a digest. */
  readonly reference: string;
}

export interface ImageOut {
  /** `sha256:…` */
  readonly digest: string;
  /** As a pod names it, whatever becomes of the tag: `registry.example/library/devpi@sha256:…`. */
  readonly image: string;
}

interface Found {
  readonly digest: string | null;
}

const type: ResourceType<'world', ImageSpec, object, object, ImageOut> = {
  ...looking,
  name: 'registry/image',
  identity: ['registry', 'repository', 'reference'],
  address: (id) => `image/${nameOf(id)}`,
  title: (id) => `image ${nameOf(id)}`,
  read: async (id, from) => await readingOf(async () => ({ digest: await digest(id, from) })),
  ready: async (id, live) =>
    digestIn(live) === null ? { is: 'waiting', on: `${nameOf(id)} to be pushed` } : { is: 'ready' },
  out: (live, { registry, repository }) => ({
    digest: digestIn(live) ?? '',
    image: `${new URL(registry.url).host}/${repository}@${digestIn(live)}`,
  }),
};

function digestIn(live: object): string | null {
  return (live as Found).digest;
}

async function digest({ registry, repository, reference }: ImageSpec, world: WorldReader): Promise<string | null> {
  const way = await wayTo(registry, world);
  return way && (await digestOf(world.http, way, { repository, reference }));
}

// Null while what it takes to ask isn't there: then neither is the image.
async function wayTo({ url, login, ca, connectTo }: Registry, world: WorldReader): Promise<RegistryWay | null> {
  const [password, trusted] = await Promise.all([
    login === undefined ? undefined : passwordOf(login.password, world),
    ca === undefined || typeof ca === 'string' ? ca : textIn(ca, world),
  ]);
  if (password === null) return null;
  return {
    url,
    ...(login && password ? { login: { user: login.user, password } } : {}),
    connection: {
      // a site whose registry has a public certificate has no such ConfigMap
      ...(trusted === undefined || trusted === null ? {} : { ca: trusted }),
      ...(connectTo === undefined ? {} : { connectTo }),
    },
  };
}

async function passwordOf(given: Secret | KeyIn, world: WorldReader): Promise<Secret | null> {
  if (given instanceof Secret) return given;
  const text = await textIn(given, world);
  return text === null ? null : new Secret(text);
}

function nameOf({ registry, repository, reference }: ImageSpec): string {
  return `${new URL(registry.url).host}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
}

export const imageType = type as unknown as AnyType;

/** Waits until an image is in a registry; its digest is known then. `within` in `more` is the deadline in milliseconds. */
export function image(spec: ImageSpec, more?: More): Resource<ImageOut> {
  return declare<ImageOut>(imageType, 'gate', spec, null, more);
}
