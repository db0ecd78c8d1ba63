import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mutable } from '../../../src/connect/fake/kube-json.ts';
import { openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { KubeObject, ManagedFields, ObjectRef } from '../../../src/model/kube.ts';
import type { ApiServer } from '../../rig/apiserver.ts';
import type { Server } from './world.ts';

/** The real API server of the rig, once it runs: each world is a namespace of its own in it. */
export function realServer(rig: () => ApiServer): Server {
  return { name: 'a real API server', open: () => openWorld(rig()) };
}

async function openWorld(rig: ApiServer): ReturnType<Server['open']> {
  const { reader: allowed, writer, close } = await openCluster(rig);
  let reader = allowed;
  const namespace = `test-${randomBytes(4).toString('hex')}`;
  await rig.kubectl(['create', 'namespace', namespace]);
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
      if (next === null) await rig.kubectl(['delete', '-n', namespace, ref.kind, ref.name]);
      else await send(rig, live ? 'replace' : 'create', manager, next);
    },
    scale: async ({ kind, name }, manager, replicas) => {
      const patch = ['patch', kind, name, '-n', namespace, '--subresource=scale', '--type=merge'];
      await rig.kubectl([...patch, `-p={"spec":{"replicas":${replicas}}}`, `--field-manager=${manager}`]);
    },
    applyAs: async (manager, object) => {
      await send(rig, 'apply', manager, object, ['--server-side', '--force-conflicts']);
    },
    forbid: async () => {
      reader = (await openCluster({ ...rig, context: 'stranger' })).reader;
    },
    snapshot: async () => snapshot(rig, namespace),
    close: async () => {
      close();
      await rig.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

function fresh({ apiVersion, kind, name, namespace }: ObjectRef): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

async function send(
  rig: ApiServer,
  verb: string,
  manager: string,
  object: unknown,
  more: readonly string[] = [],
): Promise<void> {
  const file = join(dirname(rig.kubeconfig), `${randomBytes(4).toString('hex')}.json`);
  await writeFile(file, JSON.stringify(object));
  await rig.kubectl([verb, '-f', file, `--field-manager=${manager}`, ...more]);
}

async function snapshot(rig: ApiServer, namespace: string): Promise<unknown> {
  const kinds = 'configmaps,secrets,services,deployments,statefulsets,jobs,pods,persistentvolumeclaims,networkpolicies';
  const list = ['get', kinds, '-n', namespace, '-o', 'json', '--show-managed-fields'];
  const own = ['get', 'namespace', namespace, '-o', 'json', '--show-managed-fields'];
  const [{ items }, ns] = await Promise.all([list, own].map(async (args) => JSON.parse(await rig.kubectl(args))));
  return [...(items as readonly KubeObject[]), ns as KubeObject].map(plain);
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
