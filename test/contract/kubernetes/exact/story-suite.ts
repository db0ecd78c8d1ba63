import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mutable } from '../../../../src/connect/fake/kube-json.ts';
import { plain } from '../../../../src/connect/fake/kube-snapshot.ts';
import type { KubeObject } from '../../../../src/model/kube.ts';
import { isWithin } from '../../../../src/model/kube-fields.ts';
import { restore, step } from '../../../../src/model/step.ts';
import { compose, type Want } from '../../../../src/resources/kubernetes/apply/compose.ts';
import { essenceOf } from '../../../../src/resources/kubernetes/apply/marks.ts';
import { worldEdits } from '../../../../src/resources/kubernetes/compare/compare.ts';
import { type Edit as Leaf, leavesOf } from '../../../../src/resources/kubernetes/compare/leaves.ts';
import type { ObjectId } from '../../../../src/resources/kubernetes/id.ts';
import { declareObject } from '../../../../src/resources/kubernetes/object.ts';
import { patience } from '../../../rig/defaults.ts';
import { World } from '../../../rig/world.ts';
import { type Edit, edited, edits, type Wishes, wishes } from '../wishes.ts';
import type { Stage, Theatre } from './stage.ts';
import { asObject } from './wishes.ts';

interface Story {
  readonly begins: 'absent' | 'put' | 'applied';
  readonly as: Want;
  readonly moves: readonly Move[];
}

type Move =
  | { readonly is: 'up'; readonly want: Want }
  | { readonly is: 'drop' }
  /** Somebody makes it while it isn't there. */
  | { readonly is: 'make'; readonly as: Want }
  | { readonly is: 'edit'; readonly edit: Edit }
  | { readonly is: 'scale'; readonly replicas: number };

function stories({ wishes: wish, kind }: Wishes): fc.Arbitrary<Story> {
  const up = fc.record({ is: fc.constant('up' as const), want: wish });
  const make = fc.record({ is: fc.constant('make' as const), as: wish });
  const edit = fc.record({ is: fc.constant('edit' as const), edit: edits });
  const scale = fc.record({ is: fc.constant('scale' as const), replicas: fc.integer({ min: 3, max: 5 }) });
  const move: fc.Arbitrary<Move> = fc.oneof(
    { weight: 5, arbitrary: up },
    { weight: 2, arbitrary: fc.constant({ is: 'drop' as const }) },
    { weight: 3, arbitrary: edit },
    { weight: 1, arbitrary: make },
    ...(kind === 'Deployment' ? [{ weight: 2, arbitrary: scale }] : []),
  );
  const begins = fc.constantFrom('absent' as const, 'put' as const, 'applied' as const);
  return fc.record({ begins, as: wish, moves: fc.array(move, { minLength: 1, maxLength: 5 }) });
}

/** Whatever runs and other people do to an object in turn: undo gives back what was there before, or refuses and touches nothing. */
export function storySuite(theatre: Theatre, numRuns: number): void {
  describe(`undo on ${theatre.name} after any story`, () => {
    let stage: Stage;
    let made = 0;

    beforeEach(async () => {
      stage = await theatre.open();
    });
    afterEach(async () => await stage.close());

    it.each(wishes.map((one) => ({ ...one, apiVersion: one.kind === 'Widget' ? 'exact.example/v1' : one.apiVersion })))(
      'gives a $kind back, or refuses for what others did',
      async (kind) => {
        let undone = 0;
        const property = fc.asyncProperty(stories(kind), async (story) => {
          made += 1;
          const id = { apiVersion: kind.apiVersion, kind: kind.kind, namespace: stage.namespace, name: `story${made}` };
          if (await play(stage, id, JSON.parse(JSON.stringify(story)))) undone += 1;
        });
        await fc.assert(property, { numRuns });
        // Refusing always would be no undo.
        expect(undone).toBeGreaterThan(numRuns / 2);
      },
      120_000,
    );
  });
}

/** True when it was undone, false when that was refused. */
async function play(stage: Stage, id: ObjectId, story: Story): Promise<boolean> {
  const { cluster, hands } = stage;
  const get = (): Promise<KubeObject | null> => cluster.reader.get(id);
  let want: Want | null = null;
  const one = step({
    summary: 'One object',
    on: 'cluster',
    undo: restore,
    resources: () => (want === null ? {} : { it: declareObject(id, want, { ready: {}, takeOver: everything }) }),
  });
  const world = new World({ 'demo/10_one': one }, { cluster });
  if (story.begins === 'put') await hands.make(asObject(id, story.as), 'kubectl-create');
  if (story.begins === 'applied') await hands.apply(asObject(id, story.as), 'argocd');
  const before = await get();
  const foreign: Leaf[] = [];
  let isTouched = false;
  let isTheirs = before !== null;
  for (const move of story.moves) {
    const live = await get();
    if (move.is === 'up' || move.is === 'drop') {
      const last: Want | null = want;
      want = move.is === 'up' ? move.want : null;
      if (!(await up(world))) want = last;
      if (live === null) isTheirs = false;
    } else if (move.is === 'make') {
      if (live || !(await hands.make(asObject(id, move.as), 'kubectl-create'))) continue;
      isTouched = true;
      isTheirs = true;
      foreign.push(...leavesOf(essenceOf(asObject(id, move.as)), () => null));
    } else if (live) {
      isTouched ||= await touch(stage, live, move);
      const now = await get();
      if (now) foreign.push(...worldEdits(live, now));
    }
  }
  const found = await get();
  const { plan } = await world.planUndo();
  const problems = plan.steps.flatMap(({ changes }) => changes.flatMap(({ problem = [] }) => problem));
  if (problems.length > 0) {
    expect(isTouched, JSON.stringify(problems)).toBe(true);
    expect(await get()).toEqual(found);
    return false;
  }
  const touched = plan.steps.flatMap(({ changes }) => changes);
  const result = await world.undo({ timeout: patience });
  expect(result, JSON.stringify(result.failure)).toMatchObject({ code: 0 });
  const back = await get();
  if (!isTouched) expect(back && unscaled(plain(back))).toEqual(before && unscaled(plain(before)));
  if (isTheirs) expect(back).not.toBeNull();
  // What others did, and no run took away, is still there.
  if (found && back && touched.length > 0) {
    const ours = want === null ? [] : leavesOf(compose(id, want, null).body, () => null).map(({ path }) => path);
    const kept = new Map(leavesOf(found, () => null).map((leaf) => [leaf.path, JSON.stringify(leaf.after)]));
    const survivors = foreign.filter(
      ({ path, after }) => kept.get(path) === JSON.stringify(after) && !ours.some((own) => isWithin(path, own)),
    );
    const left = new Map(leavesOf(back, () => null).map((leaf) => [leaf.path, JSON.stringify(leaf.after)]));
    expect(survivors.filter(({ path, after }) => left.get(path) !== JSON.stringify(after))).toEqual([]);
  }
  return true;
}

// Replicas are the autoscaler's once it has them.
function unscaled(object: KubeObject): unknown {
  const { spec, metadata } = structuredClone(object) as unknown as { spec?: Mutable; metadata: Mutable };
  const owners = (metadata.managedFields as { subresource?: string; fieldsV1: Record<string, Mutable> }[]) ?? [];
  for (const one of [spec, ...owners.map(({ fieldsV1 }) => fieldsV1['f:spec'])]) {
    delete one?.replicas;
    delete one?.['f:replicas'];
  }
  const others = owners.filter(({ subresource }) => subresource !== 'scale');
  return { ...object, spec, metadata: { ...metadata, managedFields: others } };
}

const everything = ['metadata', 'data', 'spec'] as const;

async function up(world: World): Promise<boolean> {
  const { steps } = await world.plan();
  if (steps.some(({ changes }) => changes.some(({ problem, verb }) => problem !== undefined || verb === 'foreign')))
    return false;
  const result = await world.up({ allowReplace: true, timeout: patience });
  expect(result, JSON.stringify(result.failure)).toMatchObject({ code: 0 });
  expect(await world.pending()).toEqual([]);
  return true;
}

async function touch({ hands }: Stage, live: KubeObject, move: Move & { is: 'edit' | 'scale' }): Promise<boolean> {
  if (move.is === 'scale') {
    await hands.put({ ...live, spec: { ...(live.spec as object), replicas: move.replicas } }, 'hpa', 'scale');
    return false;
  }
  const { who, way } = move.edit;
  if (way === 'scale' || way === 'disown' || who === 'cairn') return false;
  const { managedFields: _, resourceVersion, uid: _uid, ...metadata } = live.metadata;
  const changed = edited({ ...live, metadata } as KubeObject, move.edit);
  const isPut = way === 'put';
  const body = isPut ? { ...changed, metadata: { ...changed.metadata, resourceVersion } } : changed;
  return isPut ? hands.put(body as KubeObject, who) : hands.apply(changed, who);
}
