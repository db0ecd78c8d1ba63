import type { ObjectRef } from '../../model/kube.ts';
import { isObject, type Mutable, objectAt } from './kube-json.ts';
import { updateFields } from './kube-ownership.ts';
import { type KubeStore, refOf } from './kube-store.ts';

const refresh = 'argocd.argoproj.io/refresh';
const cascade = 'resources-finalizer.argocd.argoproj.io';

/** How something that takes time turns out. */
export type Behaviour =
  | { readonly is: 'ready' }
  /** Nothing happens. */
  | { readonly is: 'idle' }
  | { readonly is: 'no-image'; readonly message: string }
  | { readonly is: 'crash'; readonly log: readonly string[]; readonly exitCode?: number }
  | { readonly is: 'unschedulable'; readonly message: string };

/** Stands in for the controllers: makes pods and status of what is written, as a test ordered. */
export class Controllers {
  readonly #store: KubeStore;
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #logs = new Map<string, readonly string[]>();

  constructor(store: KubeStore) {
    this.#store = store;
  }

  behave(ref: ObjectRef, behaviour: Behaviour): void {
    this.#behaviours.set(keyOf(ref), behaviour);
    const live = this.#store.get(ref);
    if (live) this.reconcile(live);
  }

  log(namespace: string, pod: string, lines: readonly string[]): void {
    this.#logs.set(`${namespace}/${pod}`, lines);
  }

  logs(namespace: string, pod: string): readonly string[] {
    return this.#logs.get(`${namespace}/${pod}`) ?? [];
  }

  /** Gives an object the status that its controller would, and workloads their pods. */
  reconcile(object: Mutable): void {
    const behaviour = this.#behaviours.get(keyOf(refOf(object))) ?? { is: 'ready' };
    const status = statusOf(object, behaviour);
    if (!status) return;
    object.status = status;
    if (object.kind === 'Application') Object.assign(object, this.#looked(object));
    if (object.kind === 'Workflow' && behaviour.is === 'crash') this.#makeFailedPod(object, behaviour);
    if (isObject(object.spec) && isObject(object.spec.template)) this.#makePods(object, behaviour);
  }

  /** Lets an object go that only waits for its controller: Argo CD removes what it deployed, unless it is at a sync, or finds the spec invalid. */
  release(object: Mutable): void {
    const metadata = objectAt(object, 'metadata');
    const { conditions = [] } = (object.status ?? {}) as Mutable;
    if (object.kind !== 'Application' || !Array.isArray(metadata.finalizers)) return;
    if (object.operation !== undefined || JSON.stringify(conditions).includes('InvalidSpecError')) return;
    metadata.finalizers = metadata.finalizers.filter((one) => one !== cascade);
    this.#store.collect();
  }

  // Argo CD takes the annotation away by which it was asked to look.
  #looked(application: Mutable): Mutable {
    const next = structuredClone(application);
    const annotations = objectAt(next, 'metadata').annotations;
    if (!isObject(annotations) || annotations[refresh] === undefined) return application;
    delete annotations[refresh];
    const writer = { manager: 'argocd-application-controller', operation: 'Update', time: this.#store.time() } as const;
    return updateFields(application, next, writer);
  }

  #makeFailedPod(workflow: Mutable, behaviour: Behaviour & { readonly is: 'crash' }): void {
    const { name, namespace } = objectAt(workflow, 'metadata');
    const metadata = {
      name: `${name}-main-1`,
      namespace,
      labels: { 'workflows.argoproj.io/workflow': name },
      annotations: { 'workflows.argoproj.io/node-id': `${name}-1` },
    };
    const spec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'main' }] };
    const pod = this.#store.put(this.#store.admit({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, null));
    pod.status = podStatus(pod, behaviour, true);
    this.#logs.set(`${namespace}/${metadata.name}`, behaviour.log);
  }

  #makePods(owner: Mutable, behaviour: Behaviour): void {
    const { name, namespace, uid } = objectAt(owner, 'metadata');
    const template = objectAt(objectAt(owner, 'spec'), 'template');
    const mine = this.#store.all().filter((pod) => pod.kind === 'Pod' && isOwnedBy(pod, uid));
    for (const pod of mine) this.#store.remove(pod);
    if (behaviour.is === 'idle') return;
    const count = owner.kind === 'Job' ? 1 : replicasOf(owner);
    for (let i = 0; i < count; i += 1) {
      const podName = `${name}-${i}`;
      const metadata = {
        name: podName,
        namespace,
        labels: { ...podLabels(owner, template) },
        ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true }],
      };
      const pod: Mutable = { apiVersion: 'v1', kind: 'Pod', metadata, spec: structuredClone(template.spec) };
      const kept = this.#store.put(this.#store.admit(pod, null));
      kept.status = podStatus(kept, behaviour, owner.kind === 'Job');
      if (behaviour.is === 'crash') this.#logs.set(`${namespace}/${podName}`, behaviour.log);
    }
  }
}

function podLabels(owner: Mutable, template: Mutable): Mutable {
  const labels = objectAt(objectAt(template, 'metadata'), 'labels');
  const { name } = objectAt(owner, 'metadata');
  return owner.kind === 'Job' ? { ...labels, 'batch.kubernetes.io/job-name': name } : labels;
}

function statusOf(object: Mutable, behaviour: Behaviour): Mutable | null {
  const { generation: observedGeneration } = objectAt(object, 'metadata');
  const isReady = behaviour.is === 'ready';
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return workloadStatus(object, isReady);
    case 'DaemonSet':
      return {
        observedGeneration,
        desiredNumberScheduled: 1,
        updatedNumberScheduled: 1,
        numberAvailable: isReady ? 1 : 0,
        numberReady: isReady ? 1 : 0,
      };
    case 'Job':
      return jobStatus(behaviour);
    case 'Workflow':
      return workflowStatus(object, behaviour);
    case 'Application':
      return applicationStatus(object, isReady);
    case 'Pod':
      return podStatus(object, behaviour, false);
    case 'PersistentVolumeClaim':
      return isReady
        ? { phase: 'Bound', capacity: objectAt(objectAt(objectAt(object, 'spec'), 'resources'), 'requests') }
        : { phase: 'Pending' };
    case 'CustomResourceDefinition':
      return { conditions: [{ type: 'Established', status: isReady ? 'True' : 'False' }] };
    case 'APIService':
      return { conditions: [{ type: 'Available', status: isReady ? 'True' : 'False' }] };
    default:
      return null;
  }
}

function workloadStatus(object: Mutable, isReady: boolean): Mutable {
  const replicas = replicasOf(object);
  const ready = isReady ? replicas : 0;
  return {
    observedGeneration: objectAt(object, 'metadata').generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: replicas - ready,
    ...(object.kind === 'Deployment'
      ? { conditions: [{ type: 'Available', status: isReady ? 'True' : 'False' }] }
      : {}),
    ...(object.kind === 'StatefulSet' ? { currentRevision: '1', updateRevision: '1' } : {}),
  };
}

function jobStatus(behaviour: Behaviour): Mutable {
  if (behaviour.is === 'ready') return { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] };
  if (behaviour.is !== 'crash') return { active: 1 };
  const message = 'Job has reached the specified backoff limit';
  return { failed: 1, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message }] };
}

function workflowStatus(workflow: Mutable, behaviour: Behaviour): Mutable {
  if (behaviour.is === 'ready') return { phase: 'Succeeded', progress: '1/1' };
  if (behaviour.is !== 'crash') return { phase: 'Running', progress: '0/1' };
  const message = `Error (exit code ${behaviour.exitCode ?? 1})`;
  const node = { type: 'Pod', displayName: 'main', phase: 'Failed', message };
  return { phase: 'Failed', message: 'child failed', nodes: { [`${objectAt(workflow, 'metadata').name}-1`]: node } };
}

function applicationStatus(application: Mutable, isReady: boolean): Mutable {
  const { annotations } = objectAt(application, 'metadata');
  const revision = isObject(annotations) ? annotations['cairn/revision'] : undefined;
  const { source } = objectAt(application, 'spec');
  // What is said to be deployed stays: nobody deploys here.
  const { resources } = objectAt(application, 'status');
  return {
    ...(resources === undefined ? {} : { resources }),
    sync: { status: isReady ? 'Synced' : 'OutOfSync', revision: revision ?? '0'.repeat(40), comparedTo: { source } },
    health: { status: isReady ? 'Healthy' : 'Missing' },
  };
}

function podStatus(pod: Mutable, behaviour: Behaviour, isJob: boolean): Mutable {
  const containers = objectAt(pod, 'spec').containers;
  const names = Array.isArray(containers)
    ? containers.filter(isObject).map(({ name, image }) => ({ name, image }))
    : [];
  const all = (fields: Mutable): readonly Mutable[] =>
    names.map((container) => ({ ...container, restartCount: 0, ...fields }));
  switch (behaviour.is) {
    case 'ready':
      return isJob
        ? { phase: 'Succeeded', containerStatuses: all({ ready: false, state: { terminated: { exitCode: 0 } } }) }
        : {
            phase: 'Running',
            conditions: [{ type: 'Ready', status: 'True' }],
            containerStatuses: all({ ready: true, state: { running: {} } }),
          };
    case 'no-image':
      return {
        phase: 'Pending',
        containerStatuses: all({
          ready: false,
          state: { waiting: { reason: 'ErrImagePull', message: behaviour.message } },
        }),
      };
    case 'crash':
      return crashed(all, behaviour.exitCode ?? 1, isJob);
    case 'unschedulable':
      return {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: behaviour.message }],
      };
    case 'idle':
      return { phase: 'Pending' };
  }
}

function crashed(all: (fields: Mutable) => readonly Mutable[], exitCode: number, isJob: boolean): Mutable {
  const terminated = { exitCode, reason: 'Error' };
  if (isJob) return { phase: 'Failed', containerStatuses: all({ ready: false, state: { terminated } }) };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' };
  return {
    phase: 'Running',
    containerStatuses: all({ ready: false, restartCount: 2, state: { waiting }, lastState: { terminated } }),
  };
}

function replicasOf(object: Mutable): number {
  return Number(objectAt(object, 'spec').replicas ?? 1);
}

function isOwnedBy(pod: Mutable, uid: unknown): boolean {
  const references = objectAt(pod, 'metadata').ownerReferences;
  return Array.isArray(references) && references.filter(isObject).some((reference) => reference.uid === uid);
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return [kind, namespace ?? '', name].join('/');
}
