import type { KubeObject, KubeWriter } from '../../../model/kube.ts';
import { worldEdits } from '../compare/compare.ts';
import { listAt, textAt } from '../compare/json.ts';
import { idOf } from '../id.ts';
import type { Live } from '../live.ts';

/** By which Argo CD removes what it deployed before the Application goes. */
export const cascade = 'resources-finalizer.argocd.argoproj.io';
const mostTries = 5;

/**
 * Takes from an Application that shall go what keeps Argo CD from removing it: a sync that it tries again and again, for minutes, and
 * our own finalizer where a spec was never valid, so that nothing was deployed and nobody looks. What somebody else changed stays as it is.
 */
export async function lettingGo(live: Live, to: KubeWriter): Promise<Live> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const now = await to.get(idOf(live.object));
    if (!now || now.metadata.uid !== live.object.metadata.uid || worldEdits(live.object, now).length > 0) break;
    const next = withoutHolds(now);
    if (next === now) break;
    const done = await to.replace(next);
    if (done.is === 'written' && done.object) return { object: done.object };
    if (done.is !== 'conflict') break;
  }
  return live;
}

function withoutHolds(app: KubeObject): KubeObject {
  const isLeft = wasNeverDeployed(app) && app.metadata.finalizers?.includes(cascade) === true;
  if (app.operation === undefined && !isLeft) return app;
  const { operation: _, ...rest } = app;
  if (!isLeft) return rest as KubeObject;
  const finalizers = app.metadata.finalizers?.filter((one) => one !== cascade) ?? [];
  return { ...rest, metadata: { ...app.metadata, finalizers } } as KubeObject;
}

function wasNeverDeployed(app: KubeObject): boolean {
  const isInvalid = listAt(app, 'status', 'conditions').some((one) => textAt(one, 'type') === 'InvalidSpecError');
  return isInvalid && listAt(app, 'status', 'history').length === 0 && listAt(app, 'status', 'resources').length === 0;
}
