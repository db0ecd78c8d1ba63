import type { KubeObject, KubeReader } from '../../../../src/model/kube.ts';
import type { Readiness } from '../../../../src/model/resource.ts';
import { readiness } from '../../../../src/resources/kubernetes/ready/readiness.ts';
import type { Case, Prop } from './case.ts';

/** Some API server on which objects are put with the status that controllers would give them. */
export interface Stage {
  readonly namespace: string;
  readonly reader: KubeReader;
  /** Makes an object as it is given, status included. */
  put(object: KubeObject): Promise<KubeObject>;
  logged(pod: string, lines: readonly string[]): void;
}

/** Sets a case up and looks at its first object. */
export async function play(stage: Stage, { props, since }: Case): Promise<Readiness> {
  const made = new Map<string, KubeObject>();
  for (const [i, prop] of props.entries()) {
    const object = await stage.put(objectOf(prop, { made, namespace: stage.namespace, count: i }));
    made.set(`${object.kind}/${object.metadata.name}`, object);
    if (prop.log) stage.logged(object.metadata.name, prop.log);
  }
  const [subject] = made.values();
  if (!subject) throw new Error('a case without an object');
  return readiness(subject, stage.reader, since === undefined ? {} : { since: ago(since) });
}

/** ISO 8601, to the second. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

interface Around {
  readonly made: ReadonlyMap<string, KubeObject>;
  readonly namespace: string;
  readonly count: number;
}

function objectOf(prop: Prop, { made, namespace, count }: Around): KubeObject {
  const { kind, apiVersion, name = 'app', clusterWide = false, labels, annotations, owner, about } = prop;
  const { log: _log, clusterWide: _wide, owner: _owner, about: _about, ...rest } = prop;
  const { name: _name, labels: _labels, annotations: _annotations, ...fields } = rest;
  const owners = owner === undefined ? {} : { ownerReferences: [referenceTo(found(made, owner))] };
  const own = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}), ...owners };
  const where = clusterWide ? {} : { namespace };
  if (about !== undefined) {
    const { apiVersion: of, kind: sort, metadata } = found(made, about);
    const involvedObject = { apiVersion: of, kind: sort, name: metadata.name, namespace, uid: metadata.uid };
    return { ...fields, apiVersion, kind, metadata: { name: `event-${count}`, namespace }, involvedObject };
  }
  return { ...fields, apiVersion, kind, metadata: { name, ...where, ...own } } as KubeObject;
}

function found(made: ReadonlyMap<string, KubeObject>, name: string): KubeObject {
  const object = made.get(name);
  if (!object) throw new Error(`${name} is not made yet`);
  return object;
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): unknown {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
}
