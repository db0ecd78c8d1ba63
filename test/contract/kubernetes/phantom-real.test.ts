import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import { compose, type Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { withOwner } from '../../../src/resources/kubernetes/apply/merge.ts';
import { diffObject } from '../../../src/resources/kubernetes/compare/diff.ts';
import type { ObjectId } from '../../../src/resources/kubernetes/id.ts';
import { jobType } from '../../../src/resources/kubernetes/kinds/job.ts';
import { objectType } from '../../../src/resources/kubernetes/object.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { define, oddDefined } from './odd-defined.ts';
import { type OddWishes, oddWishes } from './odd-wishes.ts';

const why = whyNoApiServer();
/** How much longer to search than usual. */
const search = Number(process.env.CAIRN_SEARCH ?? 1);
/** 30 kinds: 360 specs. */
const runs = 12 * search;

describe.skipIf(why !== null)(why ?? 'right after an apply', () => {
  let rig: ApiServer;
  let cluster: OpenCluster;
  let made = 0;

  beforeAll(async () => {
    rig = await startApiServer();
    await define(rig);
    cluster = await openCluster(rig);
  }, rigTimeout);
  afterAll(async () => {
    cluster.close();
    await rig.stop();
  });

  it.each([...oddWishes, ...oddDefined])(
    'nothing is left to change: $kind, however it was written',
    async (kind) => {
      let applied = 0;
      const property = fc.asyncProperty(kind.wishes, async (drawn) => {
        const want = JSON.parse(JSON.stringify(drawn)) as Want;
        const id = newId(kind);
        // What the server doesn't take is no wish.
        fc.pre(await isTaken(id, want));
        applied += 1;
        expect(await planned(id, want)).toEqual({ plan: [], asked: [] });
      });
      await fc.assert(property, { numRuns: runs });
      expect(applied).toBeGreaterThanOrEqual(runs);
    },
    120_000 * search,
  );

  function newId({ apiVersion, kind, wide }: OddWishes): ObjectId {
    made += 1;
    return { apiVersion, kind, name: `odd${made}`, ...(wide ? {} : { namespace: 'default' }) };
  }

  async function isTaken(id: ObjectId, want: Want): Promise<boolean> {
    try {
      const written = await typeOf(id).write({ id, want, live: null, options: { run: 'r1' } }, cluster.writer);
      expect(written.is).toBe('written');
      return true;
    } catch (error) {
      if (error instanceof CairnError && error.code === 'kube-invalid') return false;
      throw error;
    }
  }

  /** What a plan names; and what it would name if it asked the server, which it may leave out. */
  async function planned(id: ObjectId, want: Want): Promise<{ plan: readonly string[]; asked: readonly string[] }> {
    const type = typeOf(id);
    const reading = await type.read(id, cluster.planner);
    if (reading.is !== 'present') throw new Error(reading.is);
    const { live } = reading;
    const merged = await type.merge?.(id, want as Planned<Want>, live, cluster.planner, {});
    const { changes, foreign } = type.diff(live, want as Planned<Want>, merged?.live);
    const plan = [...changes, ...foreign].map(({ path }) => path);
    return { plan, asked: type === jobType ? [] : await asked(id, want, live.object) };
  }

  async function asked(id: ObjectId, want: Want, live: KubeObject): Promise<readonly string[]> {
    const tried = await cluster.reader.dryRun(withOwner(compose(id, want, live).body, live));
    if (tried.is !== 'merged') return [tried.is];
    const { changes, foreign } = diffObject(id, { object: live }, want as Planned<Want>, { object: tried.object });
    return [...changes, ...foreign].map(({ path }) => path);
  }
});

function typeOf({ kind }: ObjectId): typeof objectType {
  return kind === 'Job' ? jobType : objectType;
}
