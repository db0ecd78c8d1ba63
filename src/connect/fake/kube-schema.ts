/** What the fake knows of the API's types: how lists and maps merge, what can't change, which kinds there are. */
export type Merging =
  | { readonly as: 'granular' }
  | { readonly as: 'one value' }
  | { readonly as: 'set' }
  | { readonly as: 'keyed'; readonly by: readonly string[] };

const keyed: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  listeners: ['name'],
  webhooks: ['name'],
  resourceClaims: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
};
const wholeMaps: ReadonlySet<string> = new Set([
  'selector',
  'podSelector',
  'namespaceSelector',
  'labelSelector',
  'nodeSelector',
  'secretKeyRef',
  'configMapKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'roleRef',
]);

/** How the value at a way of field names is merged and owned. */
export function mergingOf(kind: string, way: readonly string[], value: unknown): Merging {
  const field = way.at(-1) ?? '';
  if (!Array.isArray(value)) return { as: wholeMaps.has(field) ? 'one value' : 'granular' };
  if (field === 'finalizers') return { as: 'set' };
  if (field === 'ports') return portsOf(kind, way);
  const by = keyed[field];
  return by ? { as: 'keyed', by } : { as: 'one value' };
}

function portsOf(kind: string, way: readonly string[]): Merging {
  if (way.includes('containers') || way.includes('initContainers'))
    return { as: 'keyed', by: ['containerPort', 'protocol'] };
  return kind === 'Service' ? { as: 'keyed', by: ['port', 'protocol'] } : { as: 'one value' };
}

/** Fields that can't be changed in place, with what is allowed inside them. */
export const immutable: Readonly<
  Record<string, readonly { readonly path: string; readonly except: readonly string[] }[]>
> = {
  Deployment: [{ path: 'spec.selector', except: [] }],
  DaemonSet: [{ path: 'spec.selector', except: [] }],
  StatefulSet: [
    {
      path: 'spec',
      except: [
        'replicas',
        'ordinals',
        'template',
        'updateStrategy',
        'revisionHistoryLimit',
        'persistentVolumeClaimRetentionPolicy',
        'minReadySeconds',
      ].map((field) => `spec.${field}`),
    },
  ],
  Job: [
    { path: 'spec.template', except: [] },
    { path: 'spec.selector', except: [] },
    { path: 'spec.completions', except: [] },
  ],
  PersistentVolumeClaim: [{ path: 'spec', except: ['spec.resources.requests', 'spec.volumeAttributesClassName'] }],
  StorageClass: [
    { path: 'provisioner', except: [] },
    { path: 'parameters', except: [] },
    { path: 'reclaimPolicy', except: [] },
    { path: 'volumeBindingMode', except: [] },
  ],
  RoleBinding: [{ path: 'roleRef', except: [] }],
  ClusterRoleBinding: [{ path: 'roleRef', except: [] }],
  Secret: [{ path: 'type', except: [] }],
  PriorityClass: [{ path: 'value', except: [] }],
  IngressClass: [{ path: 'spec.controller', except: [] }],
  PersistentVolume: [{ path: 'spec.hostPath', except: [] }],
  CustomResourceDefinition: [{ path: 'spec.scope', except: [] }],
  Service: [{ path: 'spec.clusterIP', except: [] }],
};

/** A kind that the server serves. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const inNamespaces: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'ConfigMap',
    'Secret',
    'Service',
    'ServiceAccount',
    'PersistentVolumeClaim',
    'Pod',
    'Endpoints',
    'Event',
    'LimitRange',
    'ResourceQuota',
  ],
  'apps/v1': ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ControllerRevision'],
  'batch/v1': ['Job', 'CronJob'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
  'networking.k8s.io/v1': ['NetworkPolicy', 'Ingress'],
  'policy/v1': ['PodDisruptionBudget'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'coordination.k8s.io/v1': ['Lease'],
  'discovery.k8s.io/v1': ['EndpointSlice'],
};
const clusterWide: Readonly<Record<string, readonly string[]>> = {
  v1: ['Namespace', 'Node', 'PersistentVolume'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
  'networking.k8s.io/v1': ['IngressClass'],
  'storage.k8s.io/v1': ['StorageClass', 'CSIDriver'],
  'apiregistration.k8s.io/v1': ['APIService'],
  'node.k8s.io/v1': ['RuntimeClass'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'scheduling.k8s.io/v1': ['PriorityClass'],
  'admissionregistration.k8s.io/v1': ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
};

/** The kinds that every cluster has. */
export const builtInKinds: readonly Kind[] = [...kindsIn(inNamespaces, true), ...kindsIn(clusterWide, false)];

function kindsIn(table: Readonly<Record<string, readonly string[]>>, namespaced: boolean): readonly Kind[] {
  return Object.entries(table).flatMap(([apiVersion, kinds]) =>
    kinds.map((kind) => ({ apiVersion, kind, namespaced })),
  );
}
