import { setTimeout as sleep } from 'node:timers/promises';
import type { Wreck } from './break.ts';
import { admin, gone, patch, rolledOut } from './wreck.ts';

const controller = 'argocd-application-controller';
const refresh = 'argocd.argoproj.io/refresh';

/** The Application that delivers the index. */
export const application = 'application/devpi';

/** Lets Argo CD look on, and no longer sync by itself. */
export function pause(): Promise<string> {
  return patch('argocd', application, { spec: { syncPolicy: { automated: null } } });
}

/** Has Argo CD look anew, past what it has in its cache, until it says so. */
export async function says(status: string): Promise<void> {
  await lookAnew();
  await admin('-n', 'argocd', 'wait', application, `--for=jsonpath={.status.sync.status}=${status}`, '--timeout=90s');
}

/** A break of what Argo CD deployed, while it is down itself: else it is healed in seconds. It says Synced all the time. */
export function unhealed(wreck: Wreck): Wreck {
  return {
    async break() {
      await admin('-n', 'argocd', 'scale', `statefulset/${controller}`, '--replicas=0');
      await gone('argocd', controller);
      await wreck.break();
    },
    async undo() {
      await admin('-n', 'argocd', 'scale', `statefulset/${controller}`, '--replicas=1');
      await healed();
      await rolledOut('devpi', 'devpi');
    },
  };
}

async function lookAnew(): Promise<void> {
  await patch('argocd', application, { metadata: { annotations: { [refresh]: 'hard' } } });
}

// It takes the annotation away when it has looked.
async function healed(): Promise<void> {
  await lookAnew();
  const path = `jsonpath={.metadata.annotations.${refresh.replaceAll('.', '\\.')}} {.status.sync.status} {.status.health.status}`;
  for (const end = Date.now() + 120_000; ; await sleep(1_000)) {
    const found = (await admin('-n', 'argocd', 'get', application, '-o', path)).trim();
    if (found === 'Synced Healthy') return;
    if (Date.now() > end) throw new Error(`Argo CD has not healed it: ${found}`);
  }
}
