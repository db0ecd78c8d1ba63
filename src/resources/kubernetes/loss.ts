import type { KubeObject, KubeReader } from '../../model/kube.ts';
import type { Loss } from '../../model/resource.ts';
import { isOurs } from './apply/marks.ts';
import { at, textAt } from './compare/json.ts';
import { addressOf, idOf, type ObjectId, titleOf } from './id.ts';
import type { Live } from './live.ts';

/** What is gone for good with an object: looks at what lives in it or on it. */
export async function lossOf(id: ObjectId, { object }: Live, from: KubeReader): Promise<Loss> {
  switch (id.kind) {
    case 'PersistentVolumeClaim':
      return lossOfClaim(object);
    case 'PersistentVolume':
      return { is: 'data', why: `${titleOf(id)} is storage` };
    case 'Namespace':
      return lossOfMany(`namespace ${id.name}`, await inNamespace(id.name, from));
    case 'CustomResourceDefinition':
      return lossOfMany(id.name, await ofDefinition(object, from));
    default:
      return { is: 'recreate', why: 'it comes back with another UID' };
  }
}

function lossOfClaim(object: KubeObject): Loss {
  if (at(object, 'status', 'phase') !== 'Bound') return { is: 'none' };
  const size =
    textAt(object, 'status', 'capacity', 'storage') ?? textAt(object, 'spec', 'resources', 'requests', 'storage');
  const storage = textAt(object, 'spec', 'storageClassName') ?? 'the default class';
  return { is: 'data', why: `a bound volume of ${size ?? 'unknown size'}, ${storage}` };
}

function lossOfMany(where: string, all: readonly KubeObject[]): Loss {
  const foreign = all.filter((object) => !isOurs(object));
  const bound = all.filter(({ kind, status }) => kind === 'PersistentVolumeClaim' && at(status, 'phase') === 'Bound');
  const held = [...new Set([...foreign, ...bound])];
  const named = held.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  if (named.length === 0) return { is: 'recreate', why: `${where} comes back empty, with another UID` };
  const shown = named.slice(0, 5).join(', ');
  const why = `${where} holds ${shown}${named.length > 5 ? ` and ${named.length - 5} more` : ''}`;
  return { is: 'data', why, holds: held.map((object) => addressOf(idOf(object))) };
}

// What comes and goes with a namespace or with a workload says nothing about somebody's work.
const natural: ReadonlySet<string> = new Set([
  'Event',
  'Endpoints',
  'EndpointSlice',
  'Pod',
  'ReplicaSet',
  'ControllerRevision',
  'Lease',
  'PodMetrics',
]);
const given = /^(ServiceAccount default|ConfigMap (kube-root-ca\.crt|openshift-service-ca\.crt|istio-ca-root-cert))$/;

async function inNamespace(namespace: string, from: KubeReader): Promise<readonly KubeObject[]> {
  const kinds = (await from.kinds()).filter(({ namespaced, kind }) => namespaced && !natural.has(kind));
  const lists = await Promise.all(kinds.map(({ apiVersion, kind }) => from.list({ apiVersion, kind, namespace })));
  const seen = new Set<string>();
  return lists.flat().filter(({ kind, metadata }) => {
    const { uid = '', name, ownerReferences } = metadata;
    if (
      seen.has(uid) ||
      given.test(`${kind} ${name}`) ||
      (Array.isArray(ownerReferences) && ownerReferences.length > 0)
    )
      return false;
    seen.add(uid);
    return true;
  });
}

async function ofDefinition(definition: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const group = textAt(definition, 'spec', 'group') ?? '';
  const kind = textAt(definition, 'spec', 'names', 'kind') ?? '';
  const versions = at(definition, 'spec', 'versions');
  const served = Array.isArray(versions) ? versions.filter((version) => at(version, 'served') === true) : [];
  const version = textAt(served[0], 'name');
  return version === undefined ? [] : from.list({ apiVersion: `${group}/${version}`, kind });
}
