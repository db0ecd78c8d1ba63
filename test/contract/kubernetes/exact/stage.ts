import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeKube } from '../../../../src/connect/fake/kube.ts';
import type { Mutable } from '../../../../src/connect/fake/kube-json.ts';
import { plain } from '../../../../src/connect/fake/kube-snapshot.ts';
import { openCluster } from '../../../../src/connect/kubernetes/open.ts';
import type { KubeObject, KubeReader, KubeWriter } from '../../../../src/model/kube.ts';
import { addressOf, idOf } from '../../../../src/resources/kubernetes/id.ts';
import type { ApiServer } from '../../../rig/apiserver.ts';
import { type Hands, handsOn } from '../hands.ts';
import { examplesIn, widgets } from './wishes.ts';

/** A namespace on some API server, the hands of other people, and what they would compare. */
export interface Stage {
  readonly namespace: string;
  readonly cluster: { readonly reader: KubeReader; readonly writer: KubeWriter };
  readonly hands: Hands;
  /** All objects of the stage by their addresses, with their owners. */
  snapshot(): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** Where the tests of exactness run. */
export interface Theatre {
  readonly name: string;
  open(): Promise<Stage>;
}

export const fakeTheatre: Theatre = {
  name: 'the fake API server',
  async open() {
    const kube = new FakeKube();
    return furnish({ reader: kube, writer: kube }, handsOnFake(kube), async () => {});
  },
};

/** @param rig the real API server, once it runs */
export function realTheatre(rig: () => ApiServer): Theatre {
  return {
    name: 'a real API server',
    async open() {
      const { reader, writer, close } = await openCluster(rig());
      const hands = await handsOn(rig());
      return furnish({ reader, writer }, hands, async () => {
        hands.close();
        close();
      });
    },
  };
}

// The server counts the forms of a DaemonSet here; nobody can set it back.
function uncounted({ metadata, ...rest }: KubeObject): unknown {
  const { 'deprecated.daemonset.template.generation': _, ...annotations } = metadata.annotations ?? {};
  return { ...rest, metadata: { ...metadata, annotations } };
}

const job = { apiVersion: 'batch/v1', kind: 'Job' };

async function furnish(cluster: Stage['cluster'], hands: Hands, close: () => Promise<void>): Promise<Stage> {
  const namespace = `test-${randomBytes(4).toString('hex')}`;
  await hands.make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 'admin');
  await hands.make(widgets, 'admin');
  while (!(await cluster.reader.kinds()).some(({ kind }) => kind === 'Widget')) await sleep(100);
  const examples = [...examplesIn(namespace, 'built-in'), ...examplesIn(namespace, 'custom')];
  const kinds = [...examples.map(({ id: { apiVersion, kind } }) => ({ apiVersion, kind })), job];
  const snapshot = async (): Promise<Readonly<Record<string, unknown>>> => {
    const lists = await Promise.all(kinds.map((kind) => cluster.reader.list(kind)));
    const own = lists.flat().filter(({ metadata: { namespace: at, name, ownerReferences } }) => {
      return `${at} ${name}`.includes(namespace) && ownerReferences === undefined;
    });
    return Object.fromEntries(own.map((object) => [addressOf(idOf(object)), uncounted(plain(object))]));
  };
  return { namespace, cluster, hands, snapshot, close };
}

function handsOnFake(kube: FakeKube): Hands {
  const put = (object: KubeObject, manager: string, subresource?: 'scale'): Promise<boolean> => {
    kube.edit(idOf(object), manager, () => structuredClone(object) as unknown as Mutable, subresource);
    return Promise.resolve(true);
  };
  return {
    make: put,
    put,
    apply: (object, manager) => {
      kube.applyAs(manager, object);
      return Promise.resolve(true);
    },
    close: () => {},
  };
}
