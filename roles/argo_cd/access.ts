import { k8s } from '@cairnhq/cairn';
import { names } from './index.ts';

const group = 'rbac.authorization.k8s.io';
const look = ['get', 'list', 'watch'];

/** The controller makes whatever a repository holds, so it may do everything; the others may do nothing. */
export function access(namespace: string) {
  const name = names.controller;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }] as const;
  return {
    account: k8s.serviceAccount({ namespace, name }),
    role: k8s.role({
      namespace,
      name,
      rules: [
        { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: look },
        {
          apiGroups: ['argoproj.io'],
          resources: ['applications', 'appprojects'],
          verbs: ['create', ...look, 'update', 'patch', 'delete'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'list'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: look },
      ],
    }),
    binding: k8s.roleBinding({ namespace, name, roleRef: { apiGroup: group, kind: 'Role', name }, subjects }),
    everything: k8s.object({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['*'] },
      ],
    }),
    everywhere: k8s.clusterRoleBinding({ name, roleRef: { apiGroup: group, kind: 'ClusterRole', name }, subjects }),
  };
}
