import type { V1CronJobSpec } from '@kubernetes/client-node/dist/gen/models/V1CronJobSpec.js';
import type { V1DaemonSetSpec } from '@kubernetes/client-node/dist/gen/models/V1DaemonSetSpec.js';
import type { V1DeploymentSpec } from '@kubernetes/client-node/dist/gen/models/V1DeploymentSpec.js';
import type { V1IngressClassSpec } from '@kubernetes/client-node/dist/gen/models/V1IngressClassSpec.js';
import type { V1IngressSpec } from '@kubernetes/client-node/dist/gen/models/V1IngressSpec.js';
import type { V1LimitRangeSpec } from '@kubernetes/client-node/dist/gen/models/V1LimitRangeSpec.js';
import type { V1NetworkPolicySpec } from '@kubernetes/client-node/dist/gen/models/V1NetworkPolicySpec.js';
import type { V1PersistentVolumeClaimSpec } from '@kubernetes/client-node/dist/gen/models/V1PersistentVolumeClaimSpec.js';
import type { V1PersistentVolumeSpec } from '@kubernetes/client-node/dist/gen/models/V1PersistentVolumeSpec.js';
import type { V1PodDisruptionBudgetSpec } from '@kubernetes/client-node/dist/gen/models/V1PodDisruptionBudgetSpec.js';
import type { V1PodSpec } from '@kubernetes/client-node/dist/gen/models/V1PodSpec.js';
import type { V1ResourceQuotaSpec } from '@kubernetes/client-node/dist/gen/models/V1ResourceQuotaSpec.js';
import type { V1ServiceSpec } from '@kubernetes/client-node/dist/gen/models/V1ServiceSpec.js';
import type { V1StatefulSetSpec } from '@kubernetes/client-node/dist/gen/models/V1StatefulSetSpec.js';
import type { V2HorizontalPodAutoscalerSpec } from '@kubernetes/client-node/dist/gen/models/V2HorizontalPodAutoscalerSpec.js';
import { helper, type InNamespace, type Named, type WithSpec } from './helper.ts';
import type { Spec } from './spec-types.ts';

export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
}

export interface Subject {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export const namespace = helper<Named>('v1', 'Namespace');
export const serviceAccount = helper<
  InNamespace & {
    readonly automountServiceAccountToken?: boolean;
    readonly imagePullSecrets?: readonly { readonly name: string }[];
  }
>('v1', 'ServiceAccount');
export const service = helper<InNamespace & WithSpec<Spec<V1ServiceSpec>>>('v1', 'Service');
export const persistentVolumeClaim = helper<InNamespace & WithSpec<Spec<V1PersistentVolumeClaimSpec>>>(
  'v1',
  'PersistentVolumeClaim',
);
export const pod = helper<InNamespace & WithSpec<Spec<V1PodSpec>>>('v1', 'Pod');
export const resourceQuota = helper<InNamespace & WithSpec<Spec<V1ResourceQuotaSpec>>>('v1', 'ResourceQuota');
export const limitRange = helper<InNamespace & WithSpec<Spec<V1LimitRangeSpec>>>('v1', 'LimitRange');
export const deployment = helper<InNamespace & WithSpec<Spec<V1DeploymentSpec>>>('apps/v1', 'Deployment');
export const statefulSet = helper<InNamespace & WithSpec<Spec<V1StatefulSetSpec>>>('apps/v1', 'StatefulSet');
export const daemonSet = helper<InNamespace & WithSpec<Spec<V1DaemonSetSpec>>>('apps/v1', 'DaemonSet');
export const cronJob = helper<InNamespace & WithSpec<Spec<V1CronJobSpec>>>('batch/v1', 'CronJob');
export const networkPolicy = helper<InNamespace & WithSpec<Spec<V1NetworkPolicySpec>>>(
  'networking.k8s.io/v1',
  'NetworkPolicy',
);
export const ingress = helper<InNamespace & WithSpec<Spec<V1IngressSpec>>>('networking.k8s.io/v1', 'Ingress');
export const podDisruptionBudget = helper<InNamespace & WithSpec<Spec<V1PodDisruptionBudgetSpec>>>(
  'policy/v1',
  'PodDisruptionBudget',
);
export const horizontalPodAutoscaler = helper<InNamespace & WithSpec<Spec<V2HorizontalPodAutoscalerSpec>>>(
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
);
export const persistentVolume = helper<Named & WithSpec<Spec<V1PersistentVolumeSpec>>>('v1', 'PersistentVolume');
export const ingressClass = helper<Named & WithSpec<Spec<V1IngressClassSpec>>>('networking.k8s.io/v1', 'IngressClass');
export const role = helper<InNamespace & { readonly rules: readonly Rule[] }>('rbac.authorization.k8s.io/v1', 'Role');
export const clusterRole = helper<Named & { readonly rules: readonly Rule[] }>(
  'rbac.authorization.k8s.io/v1',
  'ClusterRole',
);
export const roleBinding = helper<InNamespace & { readonly roleRef: RoleRef; readonly subjects: readonly Subject[] }>(
  'rbac.authorization.k8s.io/v1',
  'RoleBinding',
);
export const clusterRoleBinding = helper<Named & { readonly roleRef: RoleRef; readonly subjects: readonly Subject[] }>(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
);
export const priorityClass = helper<
  Named & {
    readonly value: number;
    readonly globalDefault?: boolean;
    readonly description?: string;
    readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
  }
>('scheduling.k8s.io/v1', 'PriorityClass');
export const storageClass = helper<Named & { readonly provisioner: string; readonly [field: string]: unknown }>(
  'storage.k8s.io/v1',
  'StorageClass',
);
export const gateway = helper<InNamespace & WithSpec>('gateway.networking.k8s.io/v1', 'Gateway');
export const gatewayClass = helper<Named & WithSpec>('gateway.networking.k8s.io/v1', 'GatewayClass');
export const httpRoute = helper<InNamespace & WithSpec>('gateway.networking.k8s.io/v1', 'HTTPRoute');
