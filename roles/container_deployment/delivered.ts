import { setTimeout } from 'node:timers/promises';
import type { Probes, VarsOf } from '@cairnhq/cairn';
import type { argoCd } from '../argo_cd/index.ts';
import { anyImage, RegistryClient, type Vars as RegistryVars } from '../registry/api.ts';
import { loginIn } from '../registry/login.ts';
import { labelsOf } from '../workload/single-server.ts';
import type { containerDeployment } from './index.ts';

type Outside = Pick<Probes, 'kube' | 'http'>;

interface Vars extends RegistryVars {
  readonly argoCd: VarsOf<typeof argoCd>;
  readonly containerDeployment: VarsOf<typeof containerDeployment>;
}

interface Application {
  readonly spec?: { readonly syncPolicy?: { readonly automated?: { readonly selfHeal?: boolean } } };
  readonly status?: {
    readonly sync?: { readonly status?: string };
    readonly health?: { readonly status?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}

interface Pod {
  readonly spec?: { readonly containers: readonly { readonly image: string }[] };
  readonly status?: { readonly phase?: string; readonly containerStatuses?: readonly { readonly imageID: string }[] };
}

/** Milliseconds in which a commit or an image that came just now is deployed: until Argo CD looks, and half a minute. */
function patienceFor({ reconciliation }: VarsOf<typeof argoCd>): number {
  return (Number.parseInt(reconciliation, 10) * (reconciliation.endsWith('m') ? 60 : 1) + 30) * 1_000;
}

/** @throws Error unless Argo CD says Synced and Healthy of an Application, without an error */
export async function demandSynced(vars: VarsOf<typeof argoCd>, name: string, { kube }: Pick<Outside, 'kube'>) {
  const { namespace } = vars;
  await eventually(patienceFor(vars), async () => {
    const { sync, health, conditions = [] } = (await applicationOf(namespace, name, kube)).status ?? {};
    const error = conditions.find(({ type }) => type.endsWith('Error'));
    if (error) throw new Error(`Application ${namespace}/${name}: ${error.message}`);
    const is = `${sync?.status ?? 'Unknown'} and ${health?.status ?? 'Unknown'}`;
    if (is !== 'Synced and Healthy') throw new Error(`Application ${namespace}/${name} is ${is}`);
  });
}

/** @throws Error when Argo CD leaves what somebody changes by hand */
export async function demandSelfHeal(
  { namespace }: VarsOf<typeof argoCd>,
  name: string,
  { kube }: Pick<Outside, 'kube'>,
) {
  const { spec } = await applicationOf(namespace, name, kube);
  if (spec?.syncPolicy?.automated?.selfHeal !== true)
    throw new Error(`Application ${namespace}/${name} leaves what is changed by hand: selfHeal is off`);
}

/** @throws Error unless the pods of a server run the newest image that was built of the branch */
export async function demandNewest(
  vars: Vars,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  outside: Outside,
): Promise<void> {
  const { image, branch } = vars.containerDeployment;
  const client = new RegistryClient(vars, outside, await loginIn(vars.registry, outside.kube));
  await eventually(patienceFor(vars.argoCd), async () => {
    const newest = await client.digestOf(image, branch, anyImage);
    if (newest === undefined) throw new Error(`the registry has no image ${image}:${branch}`);
    for (const { named, digest } of await runningIn(namespace, name, outside.kube))
      if (digest !== newest)
        throw new Error(`${namespace}/${name} runs ${named}, and ${image}@${newest} is the newest`);
  });
}

async function runningIn(namespace: string, name: string, kube: Outside['kube']) {
  const labels = Object.entries(labelsOf(name)).map((one) => one.join('='));
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: labels.join(',') });
  const running = (pods as readonly Pod[]).filter(({ status }) => status?.phase === 'Running');
  if (running.length === 0) throw new Error(`no pod of ${namespace}/${name} runs`);
  return running.map(({ spec, status }) => ({
    named: spec?.containers[0]?.image ?? 'nothing',
    digest: /@(sha256:\w+)$/.exec(status?.containerStatuses?.[0]?.imageID ?? '')?.[1],
  }));
}

async function applicationOf(namespace: string, name: string, kube: Outside['kube']): Promise<Application> {
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
  const found = await kube.get(ref);
  if (found === null) throw new Error(`there is no Application ${namespace}/${name}`);
  return found as Application;
}

/** Proves something as soon as it holds, within milliseconds. @throws what was wrong last, when the time is over */
async function eventually(patience: number, prove: () => Promise<void>): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      await prove();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(1_000);
    }
  }
}
