import { argo, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { type argoWorkflows, names } from './index.ts';

/** What a probe leaves in the bucket. */
export const greeting = { key: 'cairn-probe/greeting', text: 'hello from a workflow\n' } as const;

/** A workflow of one container, which leaves one artifact. */
export function hello({ namespace }: VarsOf<typeof argoWorkflows>) {
  const container = {
    // any image with a shell does
    image: builtImage('git').tag,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', 'printf %s "$1" > /tmp/greeting', 'hello', greeting.text],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const artifact = { name: 'greeting', path: '/tmp/greeting', archive: { none: {} }, s3: { key: greeting.key } };
  const templates = [{ name: 'hello', container, outputs: { artifacts: [artifact] } }];
  return argo.workflow(
    {
      namespace,
      name: 'cairn-probe-hello',
      spec: {
        entrypoint: 'hello',
        serviceAccountName: names.executor,
        activeDeadlineSeconds: 90,
        securityContext: { runAsNonRoot: true, runAsUser: 8737, seccompProfile: { type: 'RuntimeDefault' } },
        templates,
      },
    },
    // its own deadline begins only where somebody begins it
    { within: 90_000 },
  );
}
