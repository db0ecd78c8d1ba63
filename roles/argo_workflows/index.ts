import { role, T } from '@cairnhq/cairn';

/** Argo Workflows for one namespace: the controller alone, without server and web pages. */
export const argoWorkflows = role(import.meta, {
  /** Where it runs, and where it looks for workflows. */
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images provides. */
  controllerImage: T.String(),
  /** Of what runs beside each container of a workflow; empty: the one that steps/images provides. */
  executorImage: T.String(),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment, ServiceAccount, Role and RoleBinding. */
  controller: 'workflow-controller',
  /** Role that each account of a workflow needs, and an account that has nothing else. */
  executor: 'argo-executor',
  /** ConfigMap that the controller reads; its own name for it. */
  settings: 'workflow-controller-configmap',
  /** Secret with the login to the object store: `user`, `password`. */
  artifacts: 'argo-artifacts',
} as const;
