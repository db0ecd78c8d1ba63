import type { KubeReader } from '../../../model/kube.ts';
import { type Fields, textAt } from '../compare/json.ts';
import { groupOf } from '../id.ts';

/** Built-in kinds that lie in no namespace. */
const clusterWide: ReadonlySet<string> = new Set(
  `/Namespace /Node /PersistentVolume /ComponentStatus
   admissionregistration.k8s.io/MutatingWebhookConfiguration admissionregistration.k8s.io/ValidatingWebhookConfiguration
   admissionregistration.k8s.io/ValidatingAdmissionPolicy admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding
   admissionregistration.k8s.io/MutatingAdmissionPolicy admissionregistration.k8s.io/MutatingAdmissionPolicyBinding
   apiextensions.k8s.io/CustomResourceDefinition apiregistration.k8s.io/APIService
   certificates.k8s.io/CertificateSigningRequest certificates.k8s.io/ClusterTrustBundle
   flowcontrol.apiserver.k8s.io/FlowSchema flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration
   networking.k8s.io/IngressClass networking.k8s.io/IPAddress networking.k8s.io/ServiceCIDR node.k8s.io/RuntimeClass
   rbac.authorization.k8s.io/ClusterRole rbac.authorization.k8s.io/ClusterRoleBinding
   resource.k8s.io/DeviceClass resource.k8s.io/ResourceSlice scheduling.k8s.io/PriorityClass
   storage.k8s.io/CSIDriver storage.k8s.io/CSINode storage.k8s.io/StorageClass storage.k8s.io/VolumeAttachment
   storage.k8s.io/VolumeAttributesClass`.split(/\s+/),
);

// Definitions of others may end with k8s.io, too: Gateway API, volume snapshots.
const groups: ReadonlySet<string> = new Set(
  `admissionregistration apiextensions apiregistration authentication authorization certificates coordination discovery
   events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling storage
   storagemigration`
    .split(/\s+/)
    .map((group) => `${group}.k8s.io`),
);

/** True for groups that every API server serves without a definition. */
export function isOfKubernetes(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return !group.includes('.') || groups.has(group);
}

export type Scope = 'namespace' | 'cluster' | 'unknown';

/** Where the objects of a set lie: as Kubernetes, a definition in the set or, for other kinds, the cluster says. */
export async function scopesOf(
  objects: readonly Fields[],
  kube: KubeReader | null,
): Promise<(object: Fields) => Scope> {
  const defined = new Map(objects.filter(isDefinition).map((definition) => [definedKind(definition), definition]));
  const foreign = objects.some((object) => !isKnown(object) && !defined.has(kindOf(object)));
  const served = new Map<string, boolean>();
  if (foreign && kube) {
    for (const { apiVersion, kind, namespaced } of await kube.kinds()) {
      served.set(`${groupOf(apiVersion)}/${kind}`, namespaced);
    }
  }
  return (object) => {
    if (isKnown(object)) return clusterWide.has(kindOf(object)) ? 'cluster' : 'namespace';
    const definition = defined.get(kindOf(object));
    if (definition) return textAt(definition, 'spec', 'scope') === 'Cluster' ? 'cluster' : 'namespace';
    const namespaced = served.get(kindOf(object));
    return namespaced === undefined ? 'unknown' : namespaced ? 'namespace' : 'cluster';
  };
}

function kindOf({ apiVersion, kind }: Fields): string {
  return `${groupOf(String(apiVersion))}/${String(kind)}`;
}

function isKnown({ apiVersion }: Fields): boolean {
  return isOfKubernetes(String(apiVersion));
}

function isDefinition({ kind }: Fields): boolean {
  return kind === 'CustomResourceDefinition';
}

function definedKind(definition: Fields): string {
  return `${textAt(definition, 'spec', 'group')}/${textAt(definition, 'spec', 'names', 'kind')}`;
}
