import type { KubeObject, KubeReader } from '../../model/kube.ts';
import { listAt, textAt } from './compare/json.ts';
import { idOf, titleOf } from './id.ts';
import { conditionsOf } from './ready/conditions.ts';

const kubernetesOwn = 'foregroundDeletion';
const mostNamed = 5;

/** What keeps a deletion from ending, one line each, the nearest cause first: a finalizer and on what, an API service. */
export async function blockersOf(object: KubeObject, from: KubeReader): Promise<readonly string[]> {
  const services = object.kind === 'Namespace' ? await deadServices(object, from) : [];
  const held = await heldBehind(object, from);
  const own = finalizersOf(object).map((finalizer) => `finalizer ${finalizer} holds it`);
  const told = conditionsOf(object.status)
    .filter(({ type, status }) => status === 'True' && (type.startsWith('Namespace') || type === 'Terminating'))
    .map(({ type, message }) => `${type}: ${message}`);
  return [...services, ...held, ...own, ...told];
}

function finalizersOf({ kind, metadata, spec }: KubeObject): readonly string[] {
  const all = [...(metadata.finalizers ?? []), ...listAt(spec, 'finalizers').map(String)];
  // A namespace ends by itself once it is empty.
  return all.filter((one) => one !== kubernetesOwn && !(kind === 'Namespace' && one === 'kubernetes'));
}

// While one API service doesn't answer, nobody knows what a namespace still holds.
async function deadServices(namespace: KubeObject, from: KubeReader): Promise<readonly string[]> {
  const isBlind = conditionsOf(namespace.status).some(
    ({ type, status }) => status === 'True' && type === 'NamespaceDeletionDiscoveryFailure',
  );
  if (!isBlind) return [];
  const services = await from.list({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' });
  return services.flatMap((service) => {
    const available = conditionsOf(service.status).find(({ type }) => type === 'Available');
    if (available?.status !== 'False') return [];
    return [`APIService ${service.metadata.name} does not answer: ${available.reason}: ${available.message}`];
  });
}

// What lies in a namespace or under a definition, or belongs to an object, and is held by finalizers itself.
async function heldBehind(object: KubeObject, from: KubeReader): Promise<readonly string[]> {
  const all = (await candidates(object, from)).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const isWhole = object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition';
  const behind = isWhole ? all : dependantsOf(object, all);
  const lines = behind.flatMap((one) =>
    finalizersOf(one).map((finalizer) => `finalizer ${finalizer} holds ${titleOf(idOf(one))}`),
  );
  const most = lines.slice(0, mostNamed);
  return lines.length > most.length ? [...most, `and ${lines.length - most.length} more`] : most;
}

async function candidates(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const { kind, metadata, spec } = object;
  const named = textAt(spec, 'names', 'kind');
  const space = kind === 'Namespace' ? metadata.name : metadata.namespace;
  const isDefinition = kind === 'CustomResourceDefinition';
  if (space === undefined && !isDefinition) return [];
  const kinds = (await from.kinds()).filter((one) =>
    isDefinition
      ? one.kind === named && one.apiVersion.startsWith(`${textAt(spec, 'group')}/`)
      : one.namespaced && one.kind !== 'Event',
  );
  const where = space === undefined ? {} : { namespace: space };
  const lists = kinds.map(({ apiVersion, kind: of }) => from.list({ apiVersion, kind: of, ...where }).catch(() => []));
  const found = (await Promise.all(lists)).flat();
  return [...new Map(found.map((one) => [one.metadata.uid, one])).values()];
}

function dependantsOf(object: KubeObject, all: readonly KubeObject[]): readonly KubeObject[] {
  const known = new Set([object.metadata.uid]);
  for (let size = 0; size < known.size; ) {
    size = known.size;
    for (const one of all) if (ownersOf(one).some((uid) => known.has(uid))) known.add(one.metadata.uid);
  }
  return all.filter((one) => one.metadata.uid !== object.metadata.uid && known.has(one.metadata.uid));
}

function ownersOf({ metadata }: KubeObject): readonly (string | undefined)[] {
  return listAt(metadata, 'ownerReferences').map((reference) => textAt(reference, 'uid'));
}
