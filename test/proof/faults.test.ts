import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../rig/faults/faults.ts';
import { kiosk, shop, shopWithWidget } from '../rig/faults/project.ts';
import type { Strike } from '../rig/faults/scenario.ts';
import { type Bench, isWrite, openBench, type Reference } from '../rig/faults/trials.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { Results } from './faults-results.ts';
import { type FaultRow, writeFaultTable } from './faults-table.ts';

const why = whyNoApiServer();
/** Minutes for all of it; the shop's whole matrix takes hours. The order of trials is such that an early end leaves the least untried. */
const minutes = Number(process.env.CAIRN_FAULT_MINUTES ?? Number.POSITIVE_INFINITY);

/** A file that keeps what was tried: the next run goes on where this one ended. To be thrown away with the code that it is about. */
const results = new Results(process.env.CAIRN_FAULT_RESULTS);

describe.skipIf(why !== null)(why ?? 'an install, a rerun and an undo with each fault at every request', () => {
  let bench: Bench;
  const rows: FaultRow[] = [];
  const began = Date.now();

  beforeAll(async () => {
    bench = await openBench(20);
  }, rigTimeout);
  afterAll(async () => await bench.stop());

  it.each([
    ['kiosk over HTTP/2', kiosk, 'h2', 0.9],
    ['kiosk over HTTP/1.1', kiosk, 'http/1.1', 0.94],
    ['shop over HTTP/2', shop, 'h2', 0.97],
    ['shop with a definition, over HTTP/2', shopWithWidget, 'h2', 1],
  ] as const)('%s', async (name, project, protocol, share) => {
    const reference = await bench.reference(project, protocol);
    expect(reference.trial).toMatchObject({ failed: [], wrong: [] });
    const wanted = strikesOf(reference);
    const tried = [...results.of(name)];
    const left = wanted.filter((strike) => !results.has(name, strike));
    const end = began + minutes * 60_000 * share;
    await bench.run(reference, until(left, end), (trial, strike) => {
      tried.push({ trial, strike });
      results.add(name, trial, strike);
      if (trial.wrong.length > 0)
        console.error(`${name}: ${trial.fault} at ${strike.on.key} #${strike.on.nth}`, trial.wrong);
    });
    rows.push({ name, tried, requests: reference.places.length, possible: wanted.length });
    writeFaultTable(rows);
    expect(tried.filter(({ trial }) => trial.wrong.length > 0).length).toBe(0);
  });
});

/** One fault at every request, then every fault at every write, then all the rest. */
function strikesOf({ places, trial }: Reference): readonly Strike[] {
  const known = faults.filter(({ onlyHttp2 }) => trial.protocol === 'h2' || !onlyHttp2);
  const turn = (i: number, n: number): boolean => i % known.length === n;
  const all = places.flatMap((on, i) =>
    known.map((fault, n) => ({ fault, on, round: turn(i, n) ? 0 : isWrite(on) ? 1 : 2 })),
  );
  return all.toSorted((a, b) => a.round - b.round);
}

function* until(strikes: readonly Strike[], end: number): Generator<Strike> {
  for (const strike of strikes) {
    if (Date.now() > end) return;
    yield strike;
  }
}
