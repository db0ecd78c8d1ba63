import type { Input, Inputs } from '../../model/deferred.ts';
import type { More, Resource } from '../../model/resource.ts';
import type { Fields } from './json.ts';
import { declareObject } from './object.ts';
import type { ObjectOut } from './out.ts';

/** What every helper takes besides its kind's own fields. */
export interface Named {
  readonly name: string;
  readonly labels?: Inputs<Readonly<Record<string, string>>>;
  readonly annotations?: Inputs<Readonly<Record<string, string>>>;
}

export interface InNamespace extends Named {
  readonly namespace: string;
}

/** A `spec` as the API's reference has it; any value inside may be known later. */
export interface WithSpec {
  readonly spec: Fields;
}

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

/** Makes the helper of one kind. */
function helper<Spec extends Named & { readonly namespace?: string }>(apiVersion: string, kind: string) {
  return (spec: Spec, more?: More): Resource<ObjectOut> => {
    const { name, namespace, labels, annotations, ...fields } = spec;
    const metadata = {
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    };
    const want = Object.keys(metadata).length > 0 ? { metadata, ...fields } : fields;
    return declareObject({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }, want, more);
  };
}

export const namespace = helper<Named>('v1', 'Namespace');
export const configMap = helper<
  InNamespace & { readonly data: Readonly<Record<string, Input<string>>>; readonly immutable?: boolean }
>('v1', 'ConfigMap');
export const service = helper<InNamespace & WithSpec>('v1', 'Service');
export const serviceAccount = helper<
  InNamespace & {
    readonly automountServiceAccountToken?: boolean;
    readonly imagePullSecrets?: readonly { readonly name: string }[];
  }
>('v1', 'ServiceAccount');
export const persistentVolumeClaim = helper<InNamespace & WithSpec>('v1', 'PersistentVolumeClaim');
export const deployment = helper<InNamespace & WithSpec>('apps/v1', 'Deployment');
export const statefulSet = helper<InNamespace & WithSpec>('apps/v1', 'StatefulSet');
export const daemonSet = helper<InNamespace & WithSpec>('apps/v1', 'DaemonSet');
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
export const networkPolicy = helper<InNamespace & WithSpec>('networking.k8s.io/v1', 'NetworkPolicy');
export const ingress = helper<InNamespace & WithSpec>('networking.k8s.io/v1', 'Ingress');
export const storageClass = helper<Named & { readonly provisioner: string; readonly [field: string]: unknown }>(
  'storage.k8s.io/v1',
  'StorageClass',
);
export const gateway = helper<InNamespace & WithSpec>('gateway.networking.k8s.io/v1', 'Gateway');
export const gatewayClass = helper<Named & WithSpec>('gateway.networking.k8s.io/v1', 'GatewayClass');
export const httpRoute = helper<InNamespace & WithSpec>('gateway.networking.k8s.io/v1', 'HTTPRoute');
