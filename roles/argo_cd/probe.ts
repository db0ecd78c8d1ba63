import { argo, type VarsOf } from '@cairnhq/cairn';
import { gitJob } from '../git_server/git-job.ts';
import { type gitServer, urlOf } from '../git_server/index.ts';
import { argoCd, names } from './index.ts';
import type { Vars } from './settings.ts';

const branch = 'cairn-probe-argocd';

/** What a probe brings into the cluster: a ConfigMap in Argo CD's own namespace. */
export const greeting = { name: 'cairn-probe-greeting', text: 'hello-from-git' } as const;

/** A Job that pushes the greeting as a manifest, to a branch of the first repository. */
export function pushGreeting({ gitServer }: Vars) {
  const args = [branch, greeting.name, greeting.text];
  return gitJob(gitServer, { name: 'cairn-probe-push', script: argoCd.read('push.sh'), args });
}

/** A Job that takes the branch away. */
export function dropGreeting({ gitServer }: Vars) {
  return gitJob(gitServer, { name: 'cairn-probe-drop', script: argoCd.read('drop.sh'), args: [branch] });
}

/** The Application of that branch; what it made goes with it. */
export function greetingApplication({ argoCd: { namespace }, gitServer }: Vars) {
  return argo.application(
    {
      namespace,
      name: 'cairn-probe',
      spec: {
        project: names.project,
        source: { repoURL: repositoryOf(gitServer), targetRevision: branch, path: '.' },
        destination: { server: 'https://kubernetes.default.svc', namespace },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    },
    { within: 90_000 },
  );
}

function repositoryOf(vars: VarsOf<typeof gitServer>): string {
  return urlOf(vars, vars.repositories[0] ?? '');
}
