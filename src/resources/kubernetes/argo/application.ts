import type { Input } from '../../../model/deferred.ts';
import type { KubeObject, KubeWriter } from '../../../model/kube.ts';
import { type AnyType, declare, type Loss, type More, type Resource } from '../../../model/resource.ts';
import { titleOf } from '../id.ts';
import { type InNamespace, type WithSpec, wishOf } from '../kinds/helper.ts';
import { objectType } from '../object.ts';
import type { ObjectOut } from '../out.ts';
import { refreshAnnotation, revisionAnnotation } from '../ready/application.ts';
import { deployedBy, deployedHere } from './deployed.ts';
import { cascade, lettingGo } from './let-go.ts';

const mostTries = 5;

/** An Application of Argo CD: an object like others, which asks to be looked at whenever it was written. */
export const applicationType: typeof objectType = {
  ...objectType,
  name: 'argo/application',
  async write(change, to) {
    if (change.want === null && change.live)
      return await objectType.write({ ...change, live: await lettingGo(change.live, to) }, to);
    const done = await objectType.write(change, to);
    if (change.want === null || done.is !== 'written' || !done.live) return done;
    return { is: 'written', live: { object: await refreshed(done.live.object, to) } };
  },
  async restore(change, to) {
    if (change.before !== null || !change.live) return await objectType.restore(change, to);
    return await objectType.restore({ ...change, live: await lettingGo(change.live, to) }, to);
  },
  loss: (id, { object }) => Promise.resolve(lossOf(titleOf(id), object)),
  takesAlong: ({ object }) => deployedHere(object),
};

// Else Argo CD looks when its time comes, minutes later. Whoever changes it meanwhile makes it look as well.
async function refreshed(written: KubeObject, to: KubeWriter): Promise<KubeObject> {
  let now = written;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const annotations = { ...now.metadata.annotations, [refreshAnnotation]: 'normal' };
    const done = await to.replace({ ...now, metadata: { ...now.metadata, annotations } });
    if (done.is === 'written') return done.object ?? written;
    if (done.is !== 'conflict' || !done.now || done.now.metadata.uid !== written.metadata.uid) break;
    now = done.now;
  }
  return written;
}

function lossOf(title: string, application: KubeObject): Loss {
  const claims = deployedBy(application)
    .filter(({ kind }) => kind === 'PersistentVolumeClaim')
    .map(({ name }) => name);
  if (claims.length === 0) return { is: 'recreate', why: 'what it deployed goes with it, and is deployed again' };
  return { is: 'data', why: `${title} removes the claims that it deployed: ${claims.join(', ')}` };
}

export interface ApplicationSpec extends InNamespace, WithSpec {
  /** The commit that must be deployed, 40 hex digits; a later one that holds it is as good. */
  readonly revision?: Input<string>;
}

/**
 * Declares an Application: ready when it is Synced and Healthy. It takes what it deployed with it when it is removed. A
 * `revision` known later (what a step pushed) makes Argo CD fetch at once, and is waited for.
 */
export function application(spec: ApplicationSpec, more?: More): Resource<ObjectOut> {
  const { name, namespace, revision, annotations, ...fields } = spec;
  const own = revision === undefined ? annotations : { ...annotations, [revisionAnnotation]: revision };
  const { metadata = {}, ...wish } = wishOf({ ...fields, annotations: own }) as { readonly metadata?: object };
  const want = { ...wish, metadata: { ...metadata, finalizers: [cascade] } };
  const id = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
  return declare<ObjectOut>(applicationType as unknown as AnyType, 'managed', id, want, more);
}
