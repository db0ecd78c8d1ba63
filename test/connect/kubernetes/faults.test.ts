import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../rig/faults/faults.ts';
import { shop } from '../../rig/faults/project.ts';
import type { Strike, Trial } from '../../rig/faults/scenario.ts';
import { type Bench, isWrite, openBench, type Reference } from '../../rig/faults/trials.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();
/** Stalls cost their deadline, and there is time for a third of the others: the proof has them all. */
const quick = faults.filter(({ name }) => !/stalled|delayed/.test(name)).filter((_, i) => i % 3 === 0);

// A sample; `npm run proof` has every fault at every request.
describe.skipIf(why !== null)(why ?? 'an install, a rerun and an undo with a fault at one request', () => {
  let bench: Bench;
  let reference: Reference;

  beforeAll(async () => {
    bench = await openBench(quick.length);
    reference = await bench.reference(shop, 'h2');
  }, rigTimeout);
  afterAll(async () => await bench.stop());

  it('reaches the same world without one', () => {
    expect(reference.trial).toMatchObject({ failed: [], wrong: [] });
    expect(reference.places.filter(isWrite).length).toBeGreaterThan(30);
  });

  it('converges, or fails clearly and then converges; undo leaves nothing', async () => {
    // Nothing else stands on these: a write of one that got lost would stay unnoticed.
    const leaf = /(configmaps|services|networkpolicies|rolebindings|clusterroles)\//;
    const writes = reference.places.filter((place) => isWrite(place) && leaf.test(place.key));
    const far = Math.floor(writes.length / quick.length);
    const strikes = quick.flatMap((fault, i): readonly Strike[] => {
      const on = writes[i * far];
      return on ? [{ fault, on }] : [];
    });
    const trials: Trial[] = [];
    await bench.run(reference, strikes, (trial) => trials.push(trial));
    expect(trials.filter(({ struck }) => struck).length).toBe(quick.length);
    expect(trials.flatMap(({ fault, wrong }) => wrong.map((line) => `${fault}: ${line}`))).toEqual([]);
  });
});
