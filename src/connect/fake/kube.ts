import type { Socket } from 'node:net';
import { CairnError, problem } from '../../model/diagnostic.ts';
import {
  type DryRun,
  type ExecPod,
  type ExecResult,
  type Forward,
  fieldManager,
  type KubeObject,
  KubeRefusal,
  type KubeWriter,
  type KubeWritten,
  type ListQuery,
  type ObjectRef,
} from '../../model/kube.ts';
import { listen } from '../loopback.ts';
import { type Behaviour, Controllers } from './kube-controllers.ts';
import { type Mutable, objectAt } from './kube-json.ts';
import { applyFields, updateFields, type Writer } from './kube-ownership.ts';
import { selects } from './kube-select.ts';
import { plain } from './kube-snapshot.ts';
import { copyOf, KubeStore, notFound, refOf, refusals } from './kube-store.ts';
import { faultsIn } from './kube-validate.ts';

/** What a test may do to a fake cluster. */
export interface FakeKubeOptions {
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
  /** False: nothing gives objects a status or pods; a test sets them with `edit`. Default true. */
  readonly controllers?: boolean;
  /** Called before the n-th write of a port, from 1; what it throws is the write's failure. */
  readonly beforeWrite?: (count: number) => void;
  /** Called when the n-th write took effect; what it throws is an answer that got lost. */
  readonly afterWrite?: (count: number) => void;
}

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** An API server in memory: server-side apply with owners, dry run, namespaces, deletion, and controllers at a test's order. */
export class FakeKube implements KubeWriter {
  readonly #store: KubeStore;
  readonly #controllers: Controllers;
  readonly #options: FakeKubeOptions;
  readonly #broken = new Map<string, string>();
  #forward: (pod: PodName, port: number, socket: Socket) => void = (_, __, socket) => socket.destroy();
  #exec: (pod: ExecPod, argv: readonly string[], stdin?: string) => ExecResult = () => ({
    status: 0,
    stdout: '',
    stderr: '',
  });
  /** Writes that a port sent so far, dry runs not counted. */
  writes = 0;
  /** Every request that a port sent, dry runs and reads too. */
  requests = 0;

  constructor(options: FakeKubeOptions = {}) {
    this.#options = options;
    this.#store = new KubeStore(options.now ?? Date.now);
    this.#controllers = new Controllers(this.#store);
    for (const name of ['default', 'kube-system']) {
      this.edit({ apiVersion: 'v1', kind: 'Namespace', name }, 'kube-apiserver', (object) => object);
    }
  }

  // ---- what a test does

  /** Writes an object as another manager, by Update; makes it when it isn't there. Return null to delete it. */
  edit(ref: ObjectRef, manager: string, change: (object: Mutable) => Mutable | null, subresource?: string): void {
    const live = this.#store.get(ref);
    const { apiVersion, kind, name, namespace } = ref;
    const fresh = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
    const next = change(structuredClone(live ?? fresh));
    if (next === null) {
      if (live) this.#store.remove(live);
      return;
    }
    const writer: Writer = {
      manager,
      operation: 'Update',
      time: this.#store.time(),
      ...(subresource === undefined ? {} : { subresource }),
    };
    this.#keep(updateFields(live, this.#store.admit(next, live), writer), live);
  }

  /** Server-side apply by another manager, forced. */
  applyAs(manager: string, object: KubeObject): void {
    const live = this.#store.get(refOf(object as unknown as Mutable));
    const writer: Writer = { manager, operation: 'Apply', time: this.#store.time() };
    const { object: merged } = applyFields(live, structuredClone(object) as unknown as Mutable, writer);
    this.#keep(this.#store.admit(merged, live), live);
  }

  /** How a workload, claim or job turns out; default ready. */
  behave(ref: ObjectRef, behaviour: Behaviour): void {
    this.#controllers.behave(ref, behaviour);
  }

  /** What a pod's containers wrote. */
  logged(namespace: string, pod: string, lines: readonly string[]): void {
    this.#controllers.log(namespace, pod, lines);
  }

  /** What programs in containers answer. */
  onExec(answer: (pod: ExecPod, argv: readonly string[], stdin?: string) => ExecResult): void {
    this.#exec = answer;
  }

  /** What answers behind the ports of pods; default: every connection breaks off. */
  onForward(answer: (pod: PodName, port: number, socket: Socket) => void): void {
    this.#forward = answer;
  }

  /** Requests for this object fail from now on, with code `kube-forbidden`; null: they work again. */
  forbid(ref: ObjectRef, message: string | null): void {
    if (message === null) this.#broken.delete(JSON.stringify(refKey(ref)));
    else this.#broken.set(JSON.stringify(refKey(ref)), message);
  }

  /** Everything there is, or that of a group (`apps/`), without versions and times: equal before and after an undo. */
  snapshot(group = ''): readonly KubeObject[] {
    const meant = this.#store.all().filter(({ apiVersion }) => String(apiVersion).startsWith(group));
    return meant.map((object) => plain(copyOf(object)));
  }

  // ---- the port

  async get(ref: ObjectRef): Promise<KubeObject | null> {
    this.#seen(ref);
    const object = this.#store.find(ref) ? this.#store.get(ref) : null;
    return object && copyOf(object);
  }

  async list(query: ListQuery): Promise<readonly KubeObject[]> {
    this.requests += 1;
    return this.#store
      .all()
      .filter((object) => selects(query, object))
      .map(copyOf);
  }

  async dryRun(object: KubeObject, way: 'apply' | 'replace' = 'apply'): Promise<DryRun> {
    const ref = refOf(object as unknown as Mutable);
    this.#seen(ref);
    if (!this.#store.find(ref))
      return { is: 'unavailable', because: 'no-definition', message: `no matches for kind ${ref.kind}` };
    if (!this.#hasNamespace(ref))
      return { is: 'unavailable', because: 'no-namespace', message: `namespaces "${ref.namespace}" not found` };
    const live = this.#store.get(ref);
    const next = way === 'apply' ? this.#applied(object, live) : this.#updated(object, live);
    const fields = live ? refusals(live, next) : [];
    if (fields.length === 0) demandValid(next);
    return fields.length > 0 ? { is: 'immutable', fields } : { is: 'merged', object: copyOf(next) };
  }

  async apply(object: KubeObject): Promise<KubeWritten> {
    return this.#write(object, (live) => {
      const { resourceVersion, uid } = object.metadata;
      const guarded = resourceVersion === undefined && uid === undefined;
      if (guarded ? live !== null : !live || !fits(object, live)) return null;
      return this.#applied(object, live);
    });
  }

  async create(object: KubeObject): Promise<KubeWritten> {
    return this.#write(object, (live) => (live ? null : this.#updated(object, null)));
  }

  async replace(object: KubeObject): Promise<KubeWritten> {
    return this.#write(object, (live) => (live && fits(object, live) ? this.#updated(object, live) : null));
  }

  async remove(ref: ObjectRef, uid: string): Promise<KubeWritten> {
    this.#seen(ref);
    const live = this.#store.get(ref);
    if (!live) return { is: 'written', object: null };
    if (objectAt(live, 'metadata').uid !== uid) return { is: 'conflict', now: copyOf(live) };
    this.#counted(() => this.#controllers.release(this.#store.remove(live)));
    const now = this.#store.get(ref);
    return { is: 'written', object: now && copyOf(now) };
  }

  async logs(pod: Parameters<KubeWriter['logs']>[0]): Promise<readonly string[]> {
    this.requests += 1;
    return this.#controllers.logs(pod.namespace, pod.name).slice(-(pod.lines ?? 20));
  }

  async identity(): Promise<string> {
    const system = this.#store.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    return String(system && objectAt(system, 'metadata').uid);
  }

  async version(): Promise<string> {
    this.requests += 1;
    return 'v1.34.4';
  }

  async kinds(): ReturnType<KubeWriter['kinds']> {
    return this.#store.kinds();
  }

  async exec(pod: ExecPod, argv: readonly string[], stdin?: string): Promise<ExecResult> {
    this.requests += 1;
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
    if (!this.#store.get(ref)) throw notFound(`pod ${pod.namespace}/${pod.name}`);
    return this.#exec(pod, argv, stdin);
  }

  async forward(pod: PodName, port: number): Promise<Forward> {
    this.requests += 1;
    const failures: string[] = [];
    return listen(failures, (socket) => {
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name };
      if (this.#store.get(ref)) return this.#forward(pod, port, socket);
      failures.push(`pods "${pod.name}" not found`);
      socket.destroy();
    });
  }

  // ---- inside

  #write(object: KubeObject, change: (live: Mutable | null) => Mutable | null): KubeWritten {
    const ref = refOf(object as unknown as Mutable);
    this.#seen(ref);
    if (!this.#store.find(ref)) throw notFound(`kind ${ref.kind} in ${ref.apiVersion}`);
    if (!this.#hasNamespace(ref)) throw notFound(`namespace ${ref.namespace}`);
    const live = this.#store.get(ref);
    const next = change(live);
    if (next === null) return { is: 'conflict', now: live && copyOf(live) };
    const fields = live ? refusals(live, next) : [];
    if (fields.length > 0) return { is: 'immutable', fields };
    demandValid(next);
    return { is: 'written', object: copyOf(this.#counted(() => this.#keep(next, live))) };
  }

  #applied(object: KubeObject, live: Mutable | null): Mutable {
    const { resourceVersion: _, uid: _uid, ...metadata } = object.metadata;
    const wish = structuredClone({ ...object, metadata }) as unknown as Mutable;
    return this.#store.admit(applyFields(live, wish, this.#us('Apply')).object, live);
  }

  #updated(object: KubeObject, live: Mutable | null): Mutable {
    const next = this.#store.admit(structuredClone(object) as unknown as Mutable, live);
    if (live?.status !== undefined) next.status = structuredClone(live.status);
    return updateFields(live, next, this.#us('Update'));
  }

  #us(operation: 'Apply' | 'Update'): Writer {
    return { manager: fieldManager, operation, time: this.#store.time() };
  }

  #keep(next: Mutable, live: Mutable | null): Mutable {
    const kept = this.#store.put(next);
    if (live !== kept && this.#options.controllers !== false) this.#controllers.reconcile(kept);
    this.#store.collect();
    return this.#store.get(refOf(kept)) ?? kept;
  }

  #counted<T>(write: () => T): T {
    this.writes += 1;
    this.#options.beforeWrite?.(this.writes);
    const done = write();
    this.#options.afterWrite?.(this.writes);
    return done;
  }

  #seen(ref: ObjectRef): void {
    this.requests += 1;
    const message = this.#broken.get(JSON.stringify(refKey(ref)));
    if (message !== undefined) throw new CairnError(problem('kube-forbidden', message));
  }

  #hasNamespace({ namespace }: ObjectRef): boolean {
    return (
      namespace === undefined || this.#store.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }) !== null
    );
  }
}

function demandValid(object: Mutable): void {
  const causes = faultsIn(object);
  const [first] = causes;
  if (!first) return;
  const { kind, name } = refOf(object);
  const said = causes.map(({ field, message }) => `${field}: ${message}`).join(', ');
  throw new KubeRefusal(problem('kube-invalid', `${kind} "${name}" is invalid: ${said}`), causes);
}

function refKey({ kind, namespace, name }: ObjectRef): readonly (string | undefined)[] {
  return [kind, namespace, name];
}

function fits(object: KubeObject, live: Mutable): boolean {
  const { resourceVersion, uid } = object.metadata;
  const metadata = objectAt(live, 'metadata');
  return resourceVersion === metadata.resourceVersion && (uid === undefined || uid === metadata.uid);
}
