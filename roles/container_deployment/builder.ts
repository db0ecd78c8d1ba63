import type { Deferred } from '@cairnhq/cairn';
import type { Vars } from './image.ts';
import { names } from './index.ts';

/** What a builder makes of `/workspace/image`. */
export interface Build {
  readonly tag: string;
  /** Of the authority that signs for the registry, as PEM; empty where a public one does. */
  readonly certificate: Deferred<string>;
}

/** Builds an image in a container of a pod, and pushes it under its tag and under the branch's name. */
export interface Builder {
  readonly container: (vars: Vars, build: Build) => Readonly<Record<string, unknown>>;
  /** Volumes of the pod that no other builder needs. */
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

/** Where the container of a builder has what each of them needs. */
interface Places {
  /** Folder with the registry's login, as `config.json`. */
  readonly login: string;
  /** Folder with the authority that signs for the registry, as `ca.crt`, which is empty where a public one does. */
  readonly trust: string;
  /** File with the authorities on the way to package indexes, where a site has some of its own. */
  readonly bundle: string;
}

/** Volumes of a pod with any builder. */
export function builderVolumes({ containerDeployment: { caBundle } }: Vars) {
  const login = { secretName: names.login, items: [{ key: '.dockerconfigjson', path: 'config.json' }] };
  return [
    { name: 'login', secret: login },
    { name: 'trust', configMap: { name: names.trust } },
    ...(caBundle === '' ? [] : [{ name: 'bundle', hostPath: { path: caBundle, type: 'File' } }]),
  ];
}

/** What is built and those volumes, in the container of a builder. */
export function builderMounts({ containerDeployment: { caBundle } }: Vars, { login, trust, bundle }: Places) {
  return [
    { name: 'work', mountPath: '/workspace' },
    { name: 'login', mountPath: login, readOnly: true },
    { name: 'trust', mountPath: trust, readOnly: true },
    ...(caBundle === '' ? [] : [{ name: 'bundle', mountPath: bundle, readOnly: true }]),
  ];
}

/** What a build may take of a node. */
export const builderResources = { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '2Gi' } };
