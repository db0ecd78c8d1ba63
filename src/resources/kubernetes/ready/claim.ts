import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { at, textAt } from '../compare/json.ts';
import { textOf, warningsOf } from './events.ts';
import { type Looking, suspect } from './looking.ts';

const storage = 'storage.k8s.io/v1';
const isDefault = 'storageclass.kubernetes.io/is-default-class';

/** A claim is ready when bound, or when it only waits for its first consumer. */
export async function claimReadiness(claim: KubeObject, { from }: Looking): Promise<Readiness> {
  const phase = textAt(claim, 'status', 'phase');
  if (phase === 'Bound') return { is: 'ready' };
  const trouble = await troubleOf(claim, from);
  if (trouble) return { is: 'failed', why: trouble };
  if (await waitsForConsumer(claim, from)) return { is: 'ready' };
  const [warning] = await warningsOf(claim, from);
  return warning ? suspect(unbound(claim, textOf(warning))) : { is: 'waiting', on: 'a volume' };
}

/** Why a claim that a pod wants stays unbound, or null when it is bound. */
export async function claimTrouble(namespace: string, name: string, from: KubeReader): Promise<Diagnostic | null> {
  const claim = await from.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name });
  if (!claim) return problem('unbound-claim', `PersistentVolumeClaim ${namespace}/${name} does not exist`);
  if (textAt(claim, 'status', 'phase') === 'Bound') return null;
  const known = await troubleOf(claim, from);
  const [warning, ...more] = (await warningsOf(claim, from)).map(textOf);
  return known ?? unbound(claim, warning ?? 'nothing makes it one', more);
}

function unbound({ metadata }: KubeObject, said: string, detail: readonly string[] = []): Diagnostic {
  const where = `PersistentVolumeClaim ${metadata.namespace}/${metadata.name}`;
  return problem('unbound-claim', `${where} gets no volume: ${said}`, { detail });
}

async function troubleOf(claim: KubeObject, from: KubeReader): Promise<Diagnostic | null> {
  const where = `PersistentVolumeClaim ${claim.metadata.namespace}/${claim.metadata.name}`;
  if (textAt(claim, 'status', 'phase') === 'Lost') return problem('unbound-claim', `${where} has lost its volume`);
  if (textAt(claim, 'spec', 'volumeName')) return null;
  const name = textAt(claim, 'spec', 'storageClassName');
  if (name === '') return null;
  if (name === undefined && !(await defaultClass(from))) {
    return problem('unbound-claim', `${where} names no storage class, and the cluster has no default one`);
  }
  if (name === undefined || (await from.get({ apiVersion: storage, kind: 'StorageClass', name }))) return null;
  return problem('unbound-claim', `${where}: the storage class ${name} does not exist`, {
    help: 'kubectl get storageclass shows those there are',
  });
}

async function waitsForConsumer(claim: KubeObject, from: KubeReader): Promise<boolean> {
  const name = textAt(claim, 'spec', 'storageClassName');
  const chosen = name ? await from.get({ apiVersion: storage, kind: 'StorageClass', name }) : await defaultClass(from);
  return at(chosen, 'volumeBindingMode') === 'WaitForFirstConsumer';
}

async function defaultClass(from: KubeReader): Promise<KubeObject | undefined> {
  const all = await from.list({ apiVersion: storage, kind: 'StorageClass' });
  return all.find(({ metadata }) => metadata.annotations?.[isDefault] === 'true');
}
