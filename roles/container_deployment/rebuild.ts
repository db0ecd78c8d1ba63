import { setTimeout as sleep } from 'node:timers/promises';
import { type Checks, k8s, type Probes } from '@cairnhq/cairn';
import { anyImage, RegistryClient } from '../registry/api.ts';
import { loginIn } from '../registry/login.ts';
import { gitContainer, gitGroup, gitVolumes } from './git_push/index.ts';
import type { Vars } from './workflow/index.ts';

// Milliseconds from a push to its image: a start by the clock, the build of an earlier one, its own.
const within = 300_000;

/**
 * Pushes a commit and sees a new image come of it, then takes the commit back in the same way. What stays is said: two images and four
 * commits, a person's and the builder's for each.
 */
export async function proveRebuild(vars: Vars, { disrupt, scratch, http, kube }: Checks & Probes): Promise<void> {
  const { image, branch } = vars.containerDeployment;
  const newest = async (): Promise<string | undefined> => {
    const client = new RegistryClient(vars, { http, kube }, await loginIn(vars.registry, kube));
    return await client.digestOf(image, branch, anyImage);
  };
  for (const what of ['put', 'take'] as const)
    await disrupt(
      `a commit that ${what === 'put' ? 'adds a file' : 'takes it away'} becomes an image by itself`,
      async () => {
        const before = await newest();
        await scratch(`somebody pushes it`, { push: pushJob(vars, what) }, async () => {});
        const until = performance.now() + within;
        while ((await newest()) === before) {
          if (performance.now() > until)
            throw new Error(`${image}:${branch} is the same image ${within / 60_000} minutes later`);
          await sleep(2_000);
        }
      },
    );
}

function pushJob(vars: Vars, what: 'put' | 'take') {
  const { namespace, branch } = vars.containerDeployment;
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: gitGroup,
    containers: [{ name: 'push', ...gitContainer(vars, { script: 'probe.sh', args: [branch, what] }) }],
    restartPolicy: 'Never',
    volumes: gitVolumes,
  };
  const spec = { backoffLimit: 0, activeDeadlineSeconds: 90, template: { spec: pod } };
  return k8s.job({ namespace, name: `cairn-probe-${what}`, spec });
}
