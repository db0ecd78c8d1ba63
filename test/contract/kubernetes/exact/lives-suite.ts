import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPending } from '../../../../src/model/plan.ts';
import { declare, type Resource } from '../../../../src/model/resource.ts';
import { restore, step } from '../../../../src/model/step.ts';
import type { Want } from '../../../../src/resources/kubernetes/apply/compose.ts';
import { addressOf, titleOf } from '../../../../src/resources/kubernetes/id.ts';
import { patience } from '../../../rig/defaults.ts';
import { World } from '../../../rig/world.ts';
import type { Stage, Theatre } from './stage.ts';
import { asObject, type Example, examplesIn, type Which } from './wishes.ts';

type Wish = 'first' | 'second' | 'third' | 'nothing';

/** What the step wishes from run to run. */
const lives: Readonly<Record<string, readonly Wish[]>> = {
  'set once': ['second'],
  'changed in place': ['first', 'second'],
  'changed there and back': ['second', 'first', 'second'],
  'dropped, and set again': ['second', 'nothing', 'second'],
  'replaced where it can not be changed in place': ['first', 'third'],
  'replaced, dropped, set and replaced': ['third', 'nothing', 'first', 'third'],
};

/** How it was before the first run. */
const beginnings: Readonly<Record<string, (stage: Stage, example: Example) => Promise<boolean>>> = {
  'was not there': () => Promise.resolve(true),
  'was made by kubectl': ({ hands }, { id, first }) => hands.make(dressed(asObject(id, first)), 'kubectl-create'),
  'was applied by argocd': ({ hands }, { id, first }) => hands.apply(dressed(asObject(id, first)), 'argocd'),
};

interface Chosen {
  readonly which: Which;
  /** True for what takes too long. */
  skips?(beginning: string, life: string): boolean;
}

/** Whatever runs do to an object of any kind: undo gives back what was there before, to the last owner. */
export function livesSuite(theatre: Theatre, { which, skips }: Chosen): void {
  const all = Object.keys(beginnings).flatMap((beginning) => Object.keys(lives).map((life) => ({ beginning, life })));
  const table = all.filter(({ beginning, life }) => !skips?.(beginning, life));
  describe(`undo of ${which} kinds on ${theatre.name}`, () => {
    let stage: Stage;

    beforeEach(async () => {
      stage = await theatre.open();
    });
    afterEach(async () => await stage.close());

    it.each(table)('is exact for every kind that $beginning and is $life', async ({ beginning, life }) => {
      const examples = examplesIn(stage.namespace, which);
      const begun = await Promise.all(examples.map(async (one) => await beginnings[beginning]?.(stage, one)));
      expect(examples.filter((_, i) => begun[i] !== true).map(({ id }) => titleOf(id))).toEqual([]);
      let wish = 'nothing' as Wish;
      const declaring = step({
        summary: 'One of each kind',
        on: 'cluster',
        undo: restore,
        resources: () => Object.fromEntries(examples.flatMap((one) => declared(one, wish))),
      });
      const world = new World({ 'demo/10_all': declaring }, { cluster: stage.cluster });
      const before = await stage.snapshot();
      for (const next of lives[life] ?? []) {
        const isThere = wish !== 'nothing';
        wish = next;
        world.events.length = 0;
        await demandUp(world, examples);
        if (isThere && next === 'third') expect(replacedIn(world)).toEqual(refusing(examples));
        if (next === 'nothing') expect(await stage.snapshot()).toEqual(before);
        else expect(await world.pending()).toEqual([]);
      }
      const undone = await world.undo({ timeout: patience });
      expect(undone, JSON.stringify(undone.failure)).toMatchObject({ code: 0 });
      expect(await stage.snapshot()).toEqual(before);
      const { plan } = await world.planUndo();
      expect(plan.steps.flatMap(({ changes }) => changes.filter(isPending))).toEqual([]);
    });
  });
}

function replacedIn(world: World): readonly string[] {
  const outcomes = world.outcomes().filter((outcome) => outcome.startsWith('replaced '));
  return outcomes.map((outcome) => outcome.slice('replaced '.length)).toSorted();
}

function refusing(examples: readonly Example[]): readonly string[] {
  return examples.flatMap(({ id, third }) => (third ? [titleOf(id)] : [])).toSorted();
}

function dressed(object: ReturnType<typeof asObject>): ReturnType<typeof asObject> {
  const { labels, annotations } = object.metadata;
  const metadata = {
    ...object.metadata,
    labels: { ...labels, team: 'blue' },
    annotations: { ...annotations, note: 'theirs' },
  };
  return { ...object, metadata };
}

// Where a kind has no wish that it refuses in place, the second stands for it.
function wishOf(example: Example, wish: Wish): Want | null {
  return wish === 'nothing' ? null : (example[wish] ?? example.second);
}

function declared(example: Example, wish: Wish): readonly (readonly [string, Resource<unknown>])[] {
  const want = wishOf(example, wish);
  if (want === null) return [];
  const more = { ready: {}, takeOver: ['metadata', 'data', ...Object.keys(want)] };
  return [[example.id.kind, declare(example.type, 'managed', example.id, want, more)]];
}

async function demandUp(world: World, examples: readonly Example[]): Promise<void> {
  const { steps } = await world.plan();
  expect(steps.flatMap(({ changes }) => changes.flatMap(({ problem = [] }) => problem))).toEqual([]);
  const allowDataLoss = examples.map(({ id }) => addressOf(id));
  const result = await world.up({ allowReplace: true, allowDataLoss, timeout: patience });
  expect(result, JSON.stringify(result.failure)).toMatchObject({ code: 0 });
}
