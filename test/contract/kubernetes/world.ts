import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { type Mutable, objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import type { TestWorld } from '../suite.ts';

/** A namespace of its own on some API server, and the hands of other people. */
export interface KubeWorld extends TestWorld<'kubernetes'> {
  readonly namespace: string;
  /** Writes an object as another manager, by Update; null deletes it. */
  edit(ref: ObjectRef, manager: string, change: (object: Mutable) => Mutable | null): Promise<void>;
  /** Sets replicas by the subresource, as an autoscaler does. */
  scale(ref: ObjectRef, manager: string, replicas: number): Promise<void>;
  /** Server-side apply by another manager, forced. */
  applyAs(manager: string, object: KubeObject): Promise<void>;
  /** Takes the reader's right to see an object. */
  forbid(ref: ObjectRef): Promise<void>;
  snapshot(): Promise<unknown>;
}

/** What a contract suite runs on. */
export interface Server {
  readonly name: string;
  open(): Promise<KubeWorld>;
}

export const fakeServer: Server = {
  name: 'the fake API server',
  open: async () => {
    const kube = new FakeKube();
    const namespace = 'test';
    kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, 'kubectl-create', (object) => object);
    return {
      reader: kube,
      writer: kube,
      namespace,
      writes: () => kube.writes,
      edit: async (ref, manager, change) => kube.edit(ref, manager, change),
      scale: async (ref, manager, replicas) =>
        kube.edit(
          ref,
          manager,
          (object) => {
            objectAt(object, 'spec').replicas = replicas;
            return object;
          },
          'scale',
        ),
      applyAs: async (manager, object) => kube.applyAs(manager, object),
      forbid: async (ref) => kube.forbid(ref, `${ref.kind} ${ref.name} is forbidden`),
      snapshot: async () => kube.snapshot(),
      close: async () => {},
    };
  },
};
