import { isObject, type Mutable } from '../../../../src/connect/fake/kube-json.ts';
import type { KubeObject } from '../../../../src/model/kube.ts';
import { type AnyType, handleOf, type Resource } from '../../../../src/model/resource.ts';
import type { Want } from '../../../../src/resources/kubernetes/apply/compose.ts';
import type { ObjectId } from '../../../../src/resources/kubernetes/id.ts';
import { object } from '../../../../src/resources/kubernetes/object.ts';
import { setField } from '../../../cases/runner/set-field.ts';
import { examples } from '../examples.ts';

/** A kind with what a step may wish of it, one after the other. */
export interface Example {
  readonly type: AnyType;
  readonly id: ObjectId;
  readonly first: Want;
  /** Can be made of the first in place. */
  readonly second: Want;
  /** Can't; undefined where all of the kind can be changed in place. */
  readonly third?: Want;
}

type Edits = Readonly<Record<string, unknown>>;
type Changes = Readonly<Record<string, readonly [Edits, Edits?]>>;

const other = { app: 'www' };
const image = { 'spec.template.spec.containers[web].image': 'web:2' };
const selector = { 'spec.selector.matchLabels': other, 'spec.template.metadata.labels': other };
const rules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] }];
const nobody = { 'roleRef.name': 'nobody' };

/** What changes in place, and what can't. */
const builtIn: Changes = {
  ConfigMap: [{ 'data.a': '2', 'data[b.c]': 'new' }],
  Secret: [{ 'stringData.a': '2' }, { type: 'test.example/other' }],
  Service: [{ 'spec.ports': [{ port: 80, targetPort: 8080 }] }, { 'spec.clusterIP': 'None' }],
  ServiceAccount: [{ automountServiceAccountToken: true }],
  PersistentVolumeClaim: [{ 'metadata.labels': other }, { 'spec.accessModes': ['ReadWriteMany'] }],
  Pod: [{ 'spec.containers[web].image': 'web:2' }],
  ResourceQuota: [{ 'spec.hard.pods': '20' }],
  LimitRange: [{ 'spec.limits': [{ type: 'Container', default: { cpu: '1' } }] }],
  Deployment: [image, selector],
  StatefulSet: [image, { 'spec.serviceName': 'www' }],
  DaemonSet: [image, selector],
  CronJob: [{ 'spec.schedule': '0 4 * * *' }],
  NetworkPolicy: [{ 'spec.policyTypes': ['Ingress', 'Egress'] }],
  Ingress: [{ 'spec.ingressClassName': 'web' }],
  PodDisruptionBudget: [{ 'spec.minAvailable': 2 }],
  HorizontalPodAutoscaler: [{ 'spec.maxReplicas': 5 }],
  Role: [{ rules }],
  RoleBinding: [{ subjects: [] }, nobody],
  ClusterRole: [{ rules }],
  ClusterRoleBinding: [{ subjects: [] }, nobody],
  PriorityClass: [{ description: 'second' }, { value: 2000 }],
  StorageClass: [{ allowVolumeExpansion: true }, { provisioner: 'other.example' }],
  PersistentVolume: [{ 'spec.capacity.storage': '2Gi' }, { 'spec.hostPath.path': '/tmp/www' }],
  IngressClass: [{ 'metadata.labels': other }, { 'spec.controller': 'www.example/ingress' }],
  Namespace: [{ 'metadata.labels': other }],
};
const custom: Changes = {
  CustomResourceDefinition: [{ 'metadata.labels': other }, { 'spec.scope': 'Cluster' }],
  Widget: [{ 'spec.size': 2, 'spec.parts': [{ name: 'wheel', weight: 3 }] }],
};

/** `built-in`: one of each kind that has a helper; a Job is run, not set. `custom`: a definition, and an object of another. */
export type Which = 'built-in' | 'custom';

export function examplesIn(namespace: string, which: Which): readonly Example[] {
  const all: Readonly<Record<string, Resource<unknown>>> = { ...examples(namespace), ...more(namespace) };
  return Object.entries(which === 'custom' ? custom : builtIn).map(([kind, [second, third]]) => {
    const resource = all[kind];
    if (!resource) throw new Error(`no example of ${kind}`);
    const { type, id, want } = handleOf(resource);
    const [first, objectId] = [want as Want, id as ObjectId];
    const given = { type, id: objectId, first, second: edited(first, second) };
    return third ? { ...given, third: edited(first, third) } : given;
  });
}

function more(namespace: string): Readonly<Record<string, Resource<unknown>>> {
  const group = `${namespace}.example`;
  return {
    Namespace: object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `web-${namespace}` } }),
    CustomResourceDefinition: object(definition(`gadgets.${group}`, group, 'Gadget')),
    Widget: object({
      apiVersion: 'exact.example/v1',
      kind: 'Widget',
      metadata: { namespace, name: 'web' },
      spec: { size: 1, parts: [{ name: 'door' }, { name: 'wheel' }], words: ['a', 'b'] },
    }),
  };
}

/** The definition of Widgets, one for all tests on a server: its controllers take a while to notice a new kind. */
export const widgets = definition('widgets.exact.example', 'exact.example', 'Widget');

// With lists of every sort and a default.
function definition(name: string, group: string, kind: string): KubeObject {
  const part = { name: { type: 'string' }, weight: { type: 'integer', default: 1 } };
  const properties = {
    size: { type: 'integer' },
    parts: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: part },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    words: { type: 'array', items: { type: 'string' } },
  };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } };
  const plural = name.slice(0, name.indexOf('.'));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

function edited(want: Want, changes: Edits): Want {
  const copy = structuredClone(want) as Mutable;
  for (const [path, value] of Object.entries(changes)) setField(copy, path, value);
  return copy;
}

/** The whole object that a wish describes, as somebody else would write it. */
export function asObject({ apiVersion, kind, name, namespace }: ObjectId, want: Want): KubeObject {
  const { stringData, metadata, ...fields } = want;
  const data = isObject(stringData)
    ? { data: Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, btoa(String(value))])) }
    : {};
  const own = isObject(metadata) ? metadata : {};
  const place = namespace === undefined ? {} : { namespace };
  return structuredClone({ apiVersion, kind, metadata: { ...own, name, ...place }, ...fields, ...data });
}
