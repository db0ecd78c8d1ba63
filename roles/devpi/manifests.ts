import { derive, type Input, type VarsOf } from '@cairnhq/cairn';
import type { devpi } from './index.ts';
import { deliveredServer, rootPassword } from './server.ts';

interface Spec {
  readonly namespace: string;
  readonly name: string;
  readonly labels: unknown;
  readonly spec: unknown;
}

/**
 * By path in the repository, what Argo CD deploys. `manifests/image` is the builder's own: it says which image that is that is called as
 * the built one is without its project.
 */
export function manifests(vars: VarsOf<typeof devpi>, built: string) {
  const image = built.replace(/^.*\//, '');
  const { root, annotations } = rootPassword(vars);
  const deployment = derive([annotations['cairn/settings']], (settings) => {
    const server = deliveredServer(vars, vars.image || image, { 'cairn/settings': settings });
    return manifest('apps/v1', 'Deployment', server.deployment);
  });
  const files: Readonly<Record<string, Input<string>>> = {
    'manifests/deployment.json': deployment,
    'manifests/service.json': manifest('v1', 'Service', deliveredServer(vars, image, {}).service),
    'manifests/kustomization.yaml': kustomization(vars.image === ''),
  };
  return { root, files };
}

function manifest(apiVersion: string, kind: string, { namespace, name, labels, spec }: Spec): string {
  return `${JSON.stringify({ apiVersion, kind, metadata: { namespace, name, labels }, spec }, null, 2)}\n`;
}

function kustomization(isBuilt: boolean): string {
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources: [deployment.json, service.json]',
    ...(isBuilt ? ['components: [image]'] : []),
    '',
  ].join('\n');
}
