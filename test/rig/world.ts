import { resourceTypes } from '../../src/cli/types.ts';
import { FakeGit } from '../../src/connect/fake/git.ts';
import { FakeGithub } from '../../src/connect/fake/github.ts';
import { FakeHarbor } from '../../src/connect/fake/harbor.ts';
import { FakeHost } from '../../src/connect/fake/host.ts';
import { FakeJournal } from '../../src/connect/fake/journal.ts';
import { FakeKeycloak } from '../../src/connect/fake/keycloak.ts';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import { baseline, baselineOfRun } from '../../src/journal/ledger/baseline.ts';
import { runIds } from '../../src/journal/ledger/runs.ts';
import type { Connections, TargetState } from '../../src/model/connections.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { throwAll } from '../../src/model/diagnostic.ts';
import type { Event } from '../../src/model/event.ts';
import type { GitWriter } from '../../src/model/git.ts';
import type { Http } from '../../src/model/http.ts';
import type { KubeReader, KubeWriter } from '../../src/model/kube.ts';
import { isPending, type Plan } from '../../src/model/plan.ts';
import type { ClusterTarget, HostTarget, Project, StepInstance, Target } from '../../src/model/project.ts';
import type { SavedPlan } from '../../src/model/saved-plan.ts';
import type { Step } from '../../src/model/step.ts';
import type { Tools } from '../../src/model/tools.ts';
import { type BuiltPlan, buildPlan } from '../../src/plan/build.ts';
import { type CompiledStep, compile } from '../../src/plan/compile.ts';
import { movedSince } from '../../src/plan/saved/moved.ts';
import { savePlan } from '../../src/plan/saved/save.ts';
import { withDropped } from '../../src/plan/undo/dropped.ts';
import { buildForgetPlan } from '../../src/plan/undo/forget.ts';
import { foundElsewhere } from '../../src/plan/undo/other-journal.ts';
import { noLongerDeclared, settle } from '../../src/plan/undo/ownership.ts';
import { buildUndoPlan, type UndoInput } from '../../src/plan/undo/undo.ts';
import { type RunContext, type RunOptions, RunState } from '../../src/run/context.ts';
import { execute } from '../../src/run/execute.ts';
import { executeForget } from '../../src/run/forget.ts';
import { LockBook } from '../../src/run/lock-book.ts';
import { exitCodeOf, type RunResult } from '../../src/run/outcome.ts';
import { executeUndo } from '../../src/run/undo.ts';
import { verify } from '../../src/run/verify.ts';
import { hastyClock } from './clock.ts';
import { freeLocks, openFakeEndpoint, options } from './defaults.ts';
import { attendGateways } from './gateway-controller.ts';
import { instancesIn } from './instances.ts';
import { toolsWith } from './tools.ts';

/** What runs of different playbooks have in common: the world itself, not what is remembered of it. */
export type Places = Pick<World, 'host' | 'kube' | 'keycloak' | 'http' | 'git'> &
  Partial<Pick<World, 'github' | 'harbor'>>;

type ClusterPorts = { readonly reader: KubeReader; readonly writer: KubeWriter };
type Elsewhere = Partial<
  Places & {
    readonly cluster: ClusterPorts;
    readonly hosts: ReadonlyMap<string, FakeHost>;
    /** Folder with what was downloaded, by its sum. */
    readonly downloads: string;
  }
>;

/** A host, a cluster and services in memory, with the real engine over them: what `cairn` does, without files and without a screen. */
export class World {
  readonly host: FakeHost;
  readonly kube: FakeKube;
  readonly keycloak: FakeKeycloak;
  readonly github: FakeGithub;
  readonly harbor: FakeHarbor;
  readonly http: Http;
  readonly git: GitWriter;
  readonly #cluster: ClusterPorts;
  /** More hosts, by name; all others are `host`. */
  readonly #hosts: ReadonlyMap<string, FakeHost>;
  readonly journal = new FakeJournal();
  readonly events: Event[] = [];
  /** Ctrl-C. */
  readonly interrupt = new AbortController();
  #instances: readonly StepInstance[];
  #runs = 0;
  /** Runs of another journal have other names. */
  readonly #letter: 'r' | 's';
  readonly #tools: Tools;

  /**
   * @param steps by id: `demo/10_files`; or with their targets and values, as a project has them
   * @param places of another playbook's world, to go on in it with a journal of one's own; a cluster in place of the fake one
   */
  constructor(steps: Readonly<Record<string, Step>> | readonly StepInstance[], places: Elsewhere = {}) {
    this.#letter = places.kube || places.host ? 's' : 'r';
    this.#instances = isList(steps) ? steps : instancesIn(steps);
    this.host = places.host ?? new FakeHost();
    this.#hosts = places.hosts ?? new Map();
    this.kube = places.kube ?? new FakeKube({ afterWrite: () => attendGateways(this.kube) });
    this.keycloak = places.keycloak ?? new FakeKeycloak();
    this.github = places.github ?? new FakeGithub();
    this.harbor = places.harbor ?? new FakeHarbor();
    this.#cluster = places.cluster ?? { reader: this.kube, writer: this.kube };
    this.http = places.http ?? { send: () => Promise.reject(new Error('no network in this world')) };
    this.git = places.git ?? new FakeGit();
    this.#tools = toolsWith(places.downloads);
  }

  /** The steps as a project has them. */
  get instances(): readonly StepInstance[] {
    return this.#instances;
  }

  /** Lets the next runs have other steps, or other values. */
  use(instances: readonly StepInstance[]): void {
    this.#instances = instances;
  }

  /** The same by id. */
  useSteps(steps: Readonly<Record<string, Step>>): void {
    this.use(instancesIn(steps));
  }

  async plan(): Promise<Plan> {
    return (await this.build()).plan;
  }

  /** Lines like `create file /etc/a`, of what a run would change. */
  async pending(): Promise<readonly string[]> {
    const plan = await this.plan();
    return plan.steps.flatMap(({ changes }) => changes.filter(isPending).map(({ verb, title }) => `${verb} ${title}`));
  }

  async up(more: Partial<RunOptions> = {}): Promise<RunResult> {
    return execute(this.#context('up', more), new RunState(), await this.build());
  }

  /** The plan as `plan --out` would write it and `up` would read it. */
  async save(): Promise<SavedPlan> {
    const origin = { release: '0', at: '', selection: { only: [], set: [] }, key: 'a key', sources: {} };
    return JSON.parse(JSON.stringify(savePlan(await this.build(), origin))) as SavedPlan;
  }

  /** Carries out exactly what was saved, or nothing. */
  async upExactly(saved: SavedPlan): Promise<RunResult> {
    const built = await this.build();
    const [first, ...more] = movedSince(saved, built);
    if (first) return { code: exitCodeOf(first), recap: [], failure: { causes: [first, ...more] }, notReached: [] };
    return execute(this.#context('up', {}), new RunState(), built);
  }

  async verify(more: Partial<RunOptions> = {}): Promise<RunResult> {
    const { steps } = await this.build();
    return verify(this.#context('verify', more), new RunState(), steps);
  }

  /** @param run undoes this run alone */
  async planUndo(more: Partial<RunOptions> = {}, run?: string): ReturnType<typeof buildUndoPlan> {
    return buildUndoPlan(await this.#undoInput(more, run), () => performance.now());
  }

  /** What other journals made of what these steps declare. */
  async elsewhere(): Promise<readonly Diagnostic[]> {
    return foundElsewhere(await this.#undoInput());
  }

  async #undoInput(more: Partial<RunOptions> = {}, run?: string): Promise<UndoInput> {
    const entries = await this.journal.entries();
    const project = this.#project();
    return {
      project,
      compiled: compiledOf(project),
      connections: this.#connections(),
      types: resourceTypes,
      runs: runIds(entries),
      baseline: run === undefined ? baseline(entries) : baselineOfRun(entries, run),
      consent: { force: more.force ?? false, all: false },
    };
  }

  async undo(more: Partial<RunOptions> = {}, run?: string): Promise<RunResult> {
    const { steps } = await this.planUndo(more, run);
    const context = this.#context('undo', more);
    return executeUndo(run === undefined ? context : { ...context, undoes: run }, new RunState(), steps);
  }

  async planForget(...addresses: readonly string[]): ReturnType<typeof buildForgetPlan> {
    const input = await this.#undoInput();
    const chosen = input.baseline.filter(({ address }) => addresses.includes(address));
    return buildForgetPlan({ ...input, baseline: chosen }, () => performance.now());
  }

  /** Lets go of what is at these addresses. */
  async forget(...addresses: readonly string[]): Promise<RunResult> {
    const { forgets } = await this.planForget(...addresses);
    return executeForget(this.#context('forget', {}), new RunState(), forgets);
  }

  /** What a person would compare: everything on the host and in the cluster. */
  snapshot(): unknown {
    const hosts = [...this.#hosts].map(([name, host]) => [name, host.snapshot()]);
    return { host: this.host.snapshot(), kube: this.kube.snapshot(), hosts };
  }

  outcomes(): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === 'resource-finished' ? [`${event.outcome} ${event.title}`] : [],
    );
  }

  /** The plan with what it is made from. */
  async build(): Promise<BuiltPlan> {
    const project = this.#project();
    const all = compiledOf(project);
    const compiled = all.filter(({ instance }) => instance.step.phase === 'up');
    const connections = this.#connections();
    const built = await buildPlan(project, compiled, connections, () => performance.now());
    const entries = await this.journal.entries();
    const own = [{ playbook: project.playbook, compiled: all }];
    const dropped = settle(noLongerDeclared(built, baseline(entries), { isWhole: true }), built, {
      others: own,
      types: resourceTypes,
    });
    return withDropped(built, dropped, {
      project,
      compiled: all,
      connections,
      types: resourceTypes,
      runs: runIds(entries),
    });
  }

  #context(command: RunContext['command'], more: Partial<RunOptions>): RunContext {
    this.#runs += 1;
    const run = `${this.#letter}${this.#runs}`;
    return {
      run,
      command,
      project: this.#project(),
      selection: { only: [], set: [] },
      connections: this.#connections(),
      journal: this.journal,
      emit: (event) => this.events.push(event),
      options: { ...options, ...more },
      clock: hastyClock(),
      signal: this.interrupt.signal,
      locks: new LockBook({ run, host: 'h', bootId: 'b', pid: 1, started: '0', doing: 'test' }),
    };
  }

  #connections(): Connections {
    const hostOf = ({ name }: Target): FakeHost => this.#hosts.get(name) ?? this.host;
    const open = async (target: Target): Promise<TargetState> =>
      target.kind === 'endpoint' ? await openFakeEndpoint(target, this) : openMachine(target);
    const openMachine = (target: HostTarget | ClusterTarget): TargetState =>
      target.kind === 'host'
        ? {
            is: 'open',
            id: `host:${target.name}/1`,
            host: { reader: hostOf(target), writer: hostOf(target), renew: () => hostOf(target).renew() },
            locks: freeLocks,
          }
        : {
            is: 'open',
            id: `cluster:${target.name}/1`,
            kubernetes: this.#cluster,
            locks: freeLocks,
          };
    return {
      open,
      reopen: async (target) => ({ now: await open(target) }),
      http: this.http,
      git: this.git,
      tools: this.#tools,
      close: () => Promise.resolve(),
    };
  }

  #project(): Project {
    return {
      root: '/nowhere',
      name: 'demo',
      playbook: 'playbooks/demo.yaml',
      inventory: 'inventory/fake',
      instances: this.#instances,
      journal: { folder: '/nowhere', recipients: [], identities: [] },
      explain: () => [],
    };
  }
}

function compiledOf(project: Project): readonly CompiledStep[] {
  const { steps, problems } = compile(project);
  throwAll(problems);
  return steps;
}

function isList<T>(value: T | readonly StepInstance[]): value is readonly StepInstance[] {
  return Array.isArray(value);
}
