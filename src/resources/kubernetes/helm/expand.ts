import { CairnError, problem, throwAll } from '../../../model/diagnostic.ts';
import type { KubeReader } from '../../../model/kube.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Means } from '../../../model/tools.ts';
import type { Located } from '../bundle/documents.ts';
import { type Placed, placeObjects } from '../bundle/objects.ts';
import type { Fields } from '../compare/json.ts';
import type { ChartId } from './chart.ts';
import { declareRelease, declareTests } from './declare.ts';
import { sortHooks } from './hooks.ts';
import { keepRandom, pair, withoutRandom } from './random.ts';
import { type ChartWant, renderTwice } from './render.ts';
import { readState } from './state.ts';
import { tainter } from './taint.ts';

/** What a release becomes: its objects, and the hooks that are to run now. */
export async function expandRelease(id: ChartId, want: ChartWant, means: Means): Promise<readonly Resource<unknown>[]> {
  const { objects, fixed, kube } = await objectsOf(id, want, means);
  const state = await readState(id, fixed, kube);
  return declareRelease(id, sortHooks(objects), { state, kube });
}

/** The tests of a release. */
export async function expandTests(id: ChartId, want: ChartWant, means: Means): Promise<readonly Resource<unknown>[]> {
  return declareTests(sortHooks((await objectsOf(id, want, means)).objects));
}

async function objectsOf(
  id: ChartId,
  want: ChartWant,
  means: Means,
): Promise<{ readonly objects: readonly Placed[]; readonly fixed: unknown; readonly kube: KubeReader }> {
  const { kube } = means;
  if (!kube) throw new CairnError(problem('needs-cluster', `the chart ${id.chart} is rendered for a cluster`));
  const [first, second] = await renderTwice(id, want, means);
  const pairs = pair(first, second, id.chart);
  const named = await placed(first, id, kube);
  const twice = pairs.map((one, i) => ({ ...one, id: idAt(named, i) }));
  const kept = await Promise.all(twice.map((one) => keepRandom(one, kube)));
  const located = first.map(({ source }, i) => ({ source, object: kept[i] ?? {} }));
  const taint = tainter(want.values);
  const objects = (await placed(located, id, kube)).map((one) => ({ ...one, want: taint(one.want) as Fields }));
  return { objects, fixed: twice.map(withoutRandom), kube };
}

async function placed(located: readonly Located[], id: ChartId, kube: KubeReader): Promise<readonly Placed[]> {
  const { objects, problems } = await placeObjects(located, { namespace: id.namespace, kube });
  throwAll(problems);
  return objects;
}

function idAt(placedObjects: readonly Placed[], i: number): Placed['id'] {
  const found = placedObjects[i];
  if (!found) throw new RangeError(`no object ${i}`);
  return found.id;
}
