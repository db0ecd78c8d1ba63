import type { KubeReader } from '../../../model/kube.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { textAt } from '../compare/json.ts';
import { keyedHash } from '../kinds/hash.ts';
import { declareObject } from '../object.ts';
import type { ChartId } from './chart.ts';

type Moment = 'install' | 'upgrade';

/** For which state of a release its hooks ran last; only releases with hooks keep it, in a ConfigMap. */
export interface ReleaseState {
  /** Of all that the chart was made into. */
  readonly hash: string;
  /** What brought it about. */
  readonly moment: Moment;
  /** All its hooks are done. */
  readonly done: boolean;
}

/** Compares what a chart is now made into with what its hooks ran for last. */
export async function readState(id: ChartId, rendered: unknown, kube: KubeReader): Promise<ReleaseState> {
  const hash = keyedHash('release', rendered);
  const record = await kube.get(recordId(id));
  if (!record) return { hash, moment: 'install', done: false };
  const moment = textAt(record, 'data', 'moment') === 'install' ? 'install' : 'upgrade';
  return textAt(record, 'data', 'release') === hash
    ? { hash, moment, done: true }
    : { hash, moment: 'upgrade', done: false };
}

/** Notes that all hooks ran. */
export function declareRecord(id: ChartId, { hash, moment }: ReleaseState, more: More): Resource<unknown> {
  return declareObject(recordId(id), { data: { release: hash, moment } }, more);
}

function recordId({ name, namespace }: ChartId) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `cairn-release-${name}` };
}
