import { optionsOf, runInFrame } from '../../../src/cli/run-frame.ts';
import { resourceTypes } from '../../../src/cli/types.ts';
import { FakeJournal } from '../../../src/connect/fake/journal.ts';
import { openCluster } from '../../../src/connect/kubernetes/open.ts';
import { LocalTools } from '../../../src/connect/local/tools.ts';
import { leaseRef } from '../../../src/journal/lease.ts';
import { LeaseLocks } from '../../../src/journal/lease-locks.ts';
import { baseline } from '../../../src/journal/ledger/baseline.ts';
import { runIds } from '../../../src/journal/ledger/runs.ts';
import type { Connections, TargetState } from '../../../src/model/connections.ts';
import { type Diagnostic, diagnosticsOf, throwAll } from '../../../src/model/diagnostic.ts';
import type { Event } from '../../../src/model/event.ts';
import { noGit } from '../../../src/model/git.ts';
import type { KubeObject, KubeWriter, KubeWritten, ObjectRef } from '../../../src/model/kube.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { ClusterTarget, Project } from '../../../src/model/project.ts';
import type { Step } from '../../../src/model/step.ts';
import { buildPlan } from '../../../src/plan/build.ts';
import { compile } from '../../../src/plan/compile.ts';
import { buildUndoPlan } from '../../../src/plan/undo/undo.ts';
import type { RunContext, RunState } from '../../../src/run/context.ts';
import { execute } from '../../../src/run/execute.ts';
import type { RunResult } from '../../../src/run/outcome.ts';
import { executeUndo } from '../../../src/run/undo.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** Why it failed; empty when it didn't. */
  readonly causes: readonly Diagnostic[];
  readonly outcomes: readonly string[];
}

type Place = { readonly kubeconfig: string; readonly context: string };

/** What `cairn` does over a real cluster, in this process: each command opens its own connection, takes the lock, gives it back. */
export class Commands {
  readonly journal = new FakeJournal();
  readonly #place: Place;
  readonly #name: string;

  /** @param name of the lock: runs of other names on the same server don't wait for each other */
  constructor(place: Place, name: string) {
    this.#place = place;
    this.#name = name;
  }

  /** `cairn up`; with the id of a run that failed, `cairn up --run`. */
  up(steps: Readonly<Record<string, Step>>, run: string): Promise<Ended> {
    return this.#command('up', run, steps, async (context, state, { compiled, project }) => {
      const built = await buildPlan(project, compiled, context.connections, () => performance.now());
      refuse(built.plan);
      return execute(context, state, built);
    });
  }

  undo(steps: Readonly<Record<string, Step>>, run: string): Promise<Ended> {
    return this.#command('undo', run, steps, async (context, state, { compiled, project }) => {
      const entries = await this.journal.entries();
      const consent = { force: false, all: false };
      const input = {
        project,
        compiled,
        connections: context.connections,
        types: resourceTypes,
        runs: runIds(entries),
        baseline: baseline(entries),
        consent,
      };
      const built = await buildUndoPlan(input, () => performance.now());
      refuse(built.plan);
      return executeUndo(context, state, built.steps);
    });
  }

  async #command(
    command: 'up' | 'undo',
    run: string,
    steps: Readonly<Record<string, Step>>,
    work: (context: RunContext, state: RunState, loaded: Loaded) => Promise<RunResult>,
  ): Promise<Ended> {
    const { connections, close } = await this.#open();
    const events: Event[] = [];
    const all = loaded(steps);
    try {
      const frame = {
        run,
        command,
        project: all.project,
        selection: { only: [], set: [] },
        connections,
        journal: this.journal,
        doing: `cairn ${command}`,
        options: optionsOf({ timeout: 30_000 } as Parameters<typeof optionsOf>[0], { allowReplace: true }),
        emit: (event: Event) => void events.push(event),
        steps: [],
      };
      const code = await runInFrame(frame, (context, state) => work(context, state, all));
      return { code, causes: causesIn(events), outcomes: outcomesIn(events) };
    } catch (error) {
      return { code: 1, causes: diagnosticsOf(error), outcomes: outcomesIn(events) };
    } finally {
      close();
    }
  }

  async #open(): Promise<{ connections: Connections; close: () => void }> {
    const { reader, writer, close } = await openCluster(this.#place);
    let state: Promise<TargetState> | undefined;
    const look = async (): Promise<TargetState> => {
      const id = `cluster:kit/${await reader.identity()}`;
      return {
        is: 'open',
        id,
        kubernetes: { reader, writer },
        locks: new LeaseLocks(renamed(writer, this.#name), 'kit'),
      };
    };
    const open = (): Promise<TargetState> => {
      state ??= look().catch((error: unknown) => ({ is: 'unreachable', why: diagnosticsOf(error)[0] as Diagnostic }));
      return state;
    };
    const http = { send: () => Promise.reject(new Error('no network here')) };
    const tools = new LocalTools({ root: process.cwd(), env: {} });
    return {
      connections: {
        open,
        reopen: async () => ({ now: await open() }),
        http,
        git: noGit,
        tools,
        close: () => Promise.resolve(),
      },
      close,
    };
  }
}

interface Loaded {
  readonly project: Project;
  readonly compiled: ReturnType<typeof compile>['steps'];
}

const cluster: ClusterTarget = { kind: 'cluster', name: 'kit', kubeconfig: '/none', context: 'none' };

function loaded(steps: Readonly<Record<string, Step>>): Loaded {
  const instances = Object.entries(steps).map(([id, step]) => ({
    id,
    component: 'shop',
    number: Number.parseInt(id.split('/')[1] ?? '', 10),
    source: { file: `steps/${id}.ts`, line: 1, column: 1 },
    step,
    target: cluster,
    cluster,
    vars: {},
  }));
  const project: Project = {
    root: '/nowhere',
    name: 'shop',
    playbook: 'playbooks/shop.yaml',
    inventory: 'inventory/rig',
    instances,
    journal: { folder: '/nowhere', recipients: [], identities: [] },
    explain: () => [],
  };
  const { steps: compiled, problems } = compile(project);
  throwAll(problems);
  return { project, compiled };
}

// A plan with problems isn't begun.
function refuse({ steps }: Plan): void {
  throwAll(steps.flatMap(({ changes }) => changes.flatMap(({ problem }) => problem ?? [])));
}

function causesIn(events: readonly Event[]): readonly Diagnostic[] {
  return events.flatMap((event) => (event.type === 'run-finished' ? (event.failure?.causes ?? []) : []));
}

function outcomesIn(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'resource-finished' ? [`${event.outcome} ${event.title}`] : []));
}

// The lock of a cluster is one Lease; here each run has its own, so that many can run side by side.
function renamed(kube: KubeWriter, name: string): KubeWriter {
  const into = (ref: ObjectRef): ObjectRef => ({ ...ref, name: `${leaseRef.name}-${name}` });
  const object = (one: KubeObject): KubeObject => ({
    ...one,
    metadata: { ...one.metadata, name: into(leaseRef).name },
  });
  const written =
    (way: 'apply' | 'create' | 'replace') =>
    (one: KubeObject): Promise<KubeWritten> =>
      kube[way](object(one));
  return {
    get: (ref) => kube.get(into(ref)),
    list: (query) => kube.list(query),
    dryRun: (one) => kube.dryRun(object(one)),
    logs: (pod) => kube.logs(pod),
    identity: () => kube.identity(),
    version: () => kube.version(),
    kinds: () => kube.kinds(),
    apply: written('apply'),
    create: written('create'),
    replace: written('replace'),
    remove: (ref, uid) => kube.remove(into(ref), uid),
    exec: (...call) => kube.exec(...call),
    forward: (...call) => kube.forward(...call),
  };
}
