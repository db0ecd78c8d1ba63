import { k8s, type VarsOf } from '@cairnhq/cairn';
import { type argoWorkflows, names } from './index.ts';

type Vars = VarsOf<typeof argoWorkflows>;

const look = ['get', 'list', 'watch'];
const own = ['create', ...look, 'update', 'patch', 'delete'];
const argo = 'argoproj.io';

/** The controller's account, which is at home in its namespace alone: manifests/namespace-install of its module, without leases. */
export function controllerAccess({ namespace }: Vars) {
  const name = names.controller;
  return {
    account: k8s.serviceAccount({ namespace, name }),
    role: k8s.role({
      namespace,
      name,
      rules: [
        { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: own },
        { apiGroups: [''], resources: ['configmaps'], verbs: look },
        {
          apiGroups: [''],
          resources: ['persistentvolumeclaims', 'persistentvolumeclaims/finalizers'],
          verbs: ['create', 'update', 'delete', 'get'],
        },
        {
          apiGroups: [argo],
          resources: [
            'workflows',
            'workflows/finalizers',
            'workflowtasksets',
            'workflowtasksets/finalizers',
            'workflowartifactgctasks',
            'cronworkflows',
            'cronworkflows/finalizers',
          ],
          verbs: own,
        },
        { apiGroups: [argo], resources: ['workflowtemplates', 'workflowtemplates/finalizers'], verbs: look },
        { apiGroups: [argo], resources: ['workflowtaskresults'], verbs: ['list', 'watch', 'deletecollection'] },
        { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: ['create', 'get', 'delete'] },
      ],
    }),
    binding: k8s.roleBinding({
      namespace,
      name,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  };
}

/** What the pods of a workflow may do besides their work: tell how it went. */
export function executorAccess({ namespace }: Vars) {
  const name = names.executor;
  return {
    executor: k8s.serviceAccount({ namespace, name }),
    executorRole: k8s.role({
      namespace,
      name,
      rules: [{ apiGroups: [argo], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }],
    }),
    executorBinding: k8s.roleBinding({
      namespace,
      name,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  };
}
