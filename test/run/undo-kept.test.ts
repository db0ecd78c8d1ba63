import { describe, expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { action } from '../../src/resources/world/action.ts';
import { World } from '../rig/world.ts';

/** A step that pushes an image by a name that tells its version; the next release of the step has another. */
function pushes(version: number, isKept: boolean, registry: Set<number>) {
  const summary = 'An image';
  const resources = () => {
    const pushed = action({
      id: `push-${version}`,
      want: { version },
      read: () => Promise.resolve(registry.has(version) ? { version } : null),
      run: () => {
        registry.add(version);
        return Promise.resolve();
      },
      ...(isKept ? {} : { undo: () => Promise.resolve() }),
    });
    return { pushed: isKept ? pushed.keep('images stay') : pushed };
  };
  return { 'demo/10_push': step({ summary, on: 'cluster', undo: restore, resources }) };
}

async function undoAfterNewer(isKept: boolean): Promise<readonly (readonly [string, string])[]> {
  const registry = new Set<number>();
  const world = new World(pushes(1, isKept, registry));
  expect(await world.up()).toMatchObject({ code: 0 });
  world.useSteps(pushes(2, isKept, registry));
  expect(await world.up()).toMatchObject({ code: 0 });
  const { plan } = await world.planUndo();
  return plan.steps.flatMap(({ changes }) => changes.map(({ title, verb }) => [title, verb] as const));
}

describe('undo of an action that its step no longer declares', () => {
  it('leaves one that was kept', async () => {
    expect(await undoAfterNewer(true)).toContainEqual(['push-1', 'kept']);
  });

  it('refuses one that would have to be taken back', async () => {
    expect(await undoAfterNewer(false)).toContainEqual(['push-1', 'refused']);
  });
});
