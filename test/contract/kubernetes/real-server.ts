import { randomBytes } from 'node:crypto';
import type { Mutable } from '../../../src/connect/fake/kube-json.ts';
import { openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { KubeObject, KubeReader, ManagedFields, ObjectRef } from '../../../src/model/kube.ts';
import type { ApiServer } from '../../rig/apiserver.ts';
import { until } from '../../rig/until.ts';
import { handsOf, type ManyHands } from './hands.ts';
import type { Server } from './world.ts';

/** The real API server of the rig, once it runs: each world is a namespace of its own in it. */
export function realServer(rig: () => ApiServer): Server {
  return { name: 'a real API server', open: () => openWorld(rig()) };
}

async function openWorld(rig: ApiServer): ReturnType<Server['open']> {
  const { reader: allowed, writer, close } = await openCluster(rig);
  let reader = allowed;
  const hands = await handsOf(rig);
  const accepted = async (done: Promise<boolean>, what: string): Promise<void> => {
    if (!(await done)) throw new Error(`the server refuses to ${what}`);
  };
  const namespace = `test-${randomBytes(4).toString('hex')}`;
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await accepted(hands.make(space, 'kubectl-create'), 'make a namespace');
  const own = (event: { verb: string; requestURI: string; userAgent: string }): boolean =>
    event.userAgent === 'cairn' && event.requestURI.includes(`/${namespace}`);
  return {
    get reader() {
      return reader;
    },
    writer,
    namespace,
    writes: async () => {
      const events = (await rig.audit()).filter(own);
      return events.filter(({ verb, requestURI }) => !reads.has(verb) && !requestURI.includes('dryRun=All')).length;
    },
    edit: async (ref, manager, change) => {
      const live = await reader.get(ref);
      const next = change(structuredClone(live ?? fresh(ref)) as unknown as Mutable);
      if (next !== null) {
        const object = next as unknown as KubeObject;
        const done = live ? hands.put(object, manager) : hands.make(object, manager);
        return await accepted(done, `take ${manager}'s ${ref.kind}`);
      }
      await accepted(hands.remove(fresh(ref)), `remove ${ref.kind} ${ref.name}`);
      await until(`${ref.kind} ${ref.name} to go`, async () => (await allowed.get(ref)) === null);
    },
    scale: async (ref, manager, replicas) => {
      const scaled = { ...fresh(ref), spec: { replicas } };
      await accepted(hands.put(scaled, manager, 'scale'), `scale ${ref.kind} ${ref.name}`);
    },
    applyAs: (manager, object) => accepted(hands.apply(object, manager), `take what ${manager} applies`),
    forbid: async () => {
      reader = (await openCluster({ ...rig, context: 'stranger' })).reader;
    },
    snapshot: () => snapshot(hands, allowed, space),
    close: async () => {
      close();
      await accepted(hands.remove(space), 'remove a namespace');
    },
  };
}

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

function fresh({ apiVersion, kind, name, namespace }: ObjectRef): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

const kinds = [
  ...['ConfigMap', 'Secret', 'Service', 'Pod', 'PersistentVolumeClaim'].map((kind) => ({ apiVersion: 'v1', kind })),
  ...['Deployment', 'StatefulSet'].map((kind) => ({ apiVersion: 'apps/v1', kind })),
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
];

async function snapshot(
  hands: ManyHands,
  reader: KubeReader,
  { metadata: { name }, ...space }: KubeObject,
): Promise<unknown> {
  const lists = await Promise.all(kinds.map((kind) => hands.list(kind, name)));
  const own = await reader.get({ ...space, name });
  return [...lists.flat(), ...(own ? [own] : [])].map(plain);
}

function plain(object: KubeObject): unknown {
  const {
    resourceVersion: _,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _time,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  const entries = (metadata.managedFields ?? []).map(({ time: _at, ...entry }) => entry);
  const managedFields = entries.toSorted((a: Omit<ManagedFields, 'time'>, b) => a.manager.localeCompare(b.manager));
  return { ...rest, metadata: { ...metadata, managedFields } };
}
