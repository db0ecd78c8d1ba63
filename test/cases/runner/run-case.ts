import type { FakeGit } from '../../../src/connect/fake/git.ts';
import { FakeGithub } from '../../../src/connect/fake/github.ts';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import type { Event } from '../../../src/model/event.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { StepInstance } from '../../../src/model/project.ts';
import type { RunResult } from '../../../src/run/outcome.ts';
import { raiseSite } from '../../rig/site.ts';
import { World } from '../../rig/world.ts';
import type { Case } from './case.ts';
import { FakeIndex } from './fake-index.ts';
import { edit, type FakePlaces, layOut, remove } from './happen.ts';
import { instancesOf } from './instances.ts';
import { contents, differences, hindrance, outcomesOf, planLines, surprises } from './lines.ts';
import { Effects } from './programs.ts';

/** What a case came to, in the form in which it is expected. */
export interface CaseResult {
  readonly plan: readonly string[];
  /** Code of the reason why it failed, or wasn't begun. */
  readonly fails: string | undefined;
  /** What the run did otherwise than planned. */
  readonly surprises: readonly string[];
  /** What a second run would change, or changed. */
  readonly again: readonly string[];
  readonly undoFails: string | undefined;
  /** What wasn't as before when all was undone. */
  readonly stays: readonly string[];
  /** What a second undo would still do. */
  readonly undoAgain: readonly string[];
}

/** A step with the values of a case, in its world. */
interface Stage {
  readonly world: World;
  readonly places: FakePlaces;
  readonly effects: Effects;
  /** The step with other values. */
  readonly with: (vars: Readonly<Record<string, unknown>>) => Promise<readonly StepInstance[]>;
  readonly instances: readonly StepInstance[];
}

/** Plans a step on the fake world, runs it, runs it again and undoes it. */
export async function runCase(id: string, one: Case): Promise<CaseResult> {
  const stage = await setUp(id, one);
  const before = await happen(stage, one.after ?? []);
  const { world, places } = stage;
  const first = await runOnce(world);
  const again = first.cause === undefined ? await runAgain(world) : [];
  const undoFails = await undoOnce(world);
  return {
    plan: planLines(first.plan, first.events),
    fails: first.cause,
    surprises: first.cause === undefined ? surprises(first.plan, first.events) : [],
    again,
    undoFails,
    stays: differences(before, contents(places)),
    undoAgain: planLines((await world.planUndo()).plan, []),
  };
}

/** What a journal that knows nothing of a step makes of it, though everything is as the step wants it. */
export interface Alone {
  /** What a run would change, and what it did. */
  readonly changes: readonly string[];
  /** What verify says of what is declared; what the step tries out is for a world with programs in it. */
  readonly verify: string | undefined;
  /** Requests that could change something: to the host, the cluster, Keycloak, GitHub, Harbor, Git, and what answers by HTTP. */
  readonly writes: number;
  /** What undo believes that it may take back. */
  readonly claims: readonly string[];
}

/** Runs the step of a case by one journal, and by itself on a machine that has never heard of that. */
export async function runAlone(id: string, one: Case): Promise<Alone> {
  const { world, places, instances } = await setUp(id, one);
  mustWork(await world.up({ verify: false }));
  const before = writesTo(places);
  const stranger = new World(
    instances.map((instance) => ({ ...instance, step: { ...instance.step, verify: undefined } })),
    places,
  );
  return {
    changes: await runAgain(stranger),
    verify: causeOf(await stranger.verify()),
    writes: writesTo(places) - before,
    claims: planLines((await stranger.planUndo()).plan, []),
  };
}

function writesTo({ host, kube, keycloak, github, harbor, git, http }: FakePlaces): number {
  const services = keycloak.writes + github.writes + harbor.writes;
  return host.changes + kube.writes + services + (git as FakeGit).writes + http.writes;
}

async function setUp(id: string, { vars = {}, given = {}, needs = [], inventory }: Case): Promise<Stage> {
  const all = await instancesOf([...needs, id], vars, inventory);
  const earlier = new World(
    all.filter((instance) => instance.id !== id),
    { host: new FakeHost(), http: new FakeIndex(), github: new FakeGithub(given.github) },
  );
  const { host, kube, keycloak, github, harbor, git } = earlier;
  const places = { host, kube, keycloak, github, harbor, git, http: earlier.http as FakeIndex };
  const effects = new Effects(places.host);
  for (const instance of all) effects.learn(instance);
  if (inventory === 'example') raiseSite(kube);
  layOut(places, effects, given);
  if (needs.length > 0) mustWork(await earlier.up({ verify: false }));
  const instances = all.filter((instance) => instance.id === id);
  return {
    world: new World(instances, places),
    places,
    effects,
    instances,
    with: (more) => instancesOf([id], more, inventory),
  };
}

/** Lets things happen in order. @returns what the world held before the step ran for the first time */
async function happen(stage: Stage, after: NonNullable<Case['after']>): Promise<ReadonlyMap<string, string>> {
  const { world, places, effects, instances } = stage;
  let before: ReadonlyMap<string, string> | undefined;
  for (const one of after) {
    if (one === 'up' || 'up' in one) {
      before ??= contents(places);
      if (one !== 'up') world.use(await stage.with(one.up));
      mustWork(await world.up({ verify: false }));
      world.use(instances);
    } else if ('edit' in one) await edit(places, one);
    else if ('apply' in one) places.kube.applyAs(one.by, one.apply as KubeObject);
    else await remove(places, effects, one.delete);
  }
  return before ?? contents(places);
}

interface Once {
  readonly plan: Plan;
  readonly cause: string | undefined;
  readonly events: readonly Event[];
}

// As `cairn up` does: a plan with a problem isn't begun.
async function runOnce(world: World): Promise<Once> {
  const plan = await world.plan();
  const hindered = hindrance(plan);
  if (hindered !== undefined) return { plan, cause: hindered, events: [] };
  const seen = world.events.length;
  const cause = causeOf(await world.up({ verify: false }));
  return { plan, cause, events: world.events.slice(seen) };
}

// As `cairn undo` does: nothing is taken back while something is refused.
async function undoOnce(world: World): Promise<string | undefined> {
  const { plan } = await world.planUndo();
  return hindrance(plan) ?? causeOf(await world.undo());
}

const calm: ReadonlySet<string> = new Set(['unchanged', 'skipped']);

async function runAgain(world: World): Promise<readonly string[]> {
  const { plan, cause, events } = await runOnce(world);
  const changed = outcomesOf(events).filter(([outcome]) => !calm.has(outcome));
  return [
    ...planLines(plan, events),
    ...changed.map((words) => words.join(' ')),
    ...(cause === undefined ? [] : [cause]),
  ];
}

function causeOf({ code, failure }: RunResult): string | undefined {
  return code === 0 ? undefined : (failure?.causes[0]?.code ?? `exit code ${code}`);
}

function mustWork(result: RunResult): void {
  if (result.code !== 0) throw new Error(`a run before the case failed: ${JSON.stringify(result.failure, null, 2)}`);
}
