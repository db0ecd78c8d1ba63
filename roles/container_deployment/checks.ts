import { createHmac } from 'node:crypto';
import { argo, type Checks, type Probes, type Resource } from '@cairnhq/cairn';
import { anyImage, type Login, RegistryClient } from '../registry/api.ts';
import { loginIn } from '../registry/login.ts';
import { names } from './index.ts';
import type { Vars } from './workflow/index.ts';

type Context = Checks & Probes;

/** Proves by behaviour that commits become images: every part of the way, and what came out of it last. */
export async function proveBuilds(vars: Vars, context: Context): Promise<void> {
  const { check, scratch } = context;
  await check('the registry lets the builder push', () => proveLogin(vars, context));
  const what = 'a build reads the repository by its key, and finds nothing there that is newer than the image';
  await scratch(what, { look: look(vars) }, () => proveNewest(vars, context));
  if (vars.containerDeployment.poll !== '')
    await check('the branch is looked at by the clock', () => proveClock(vars, context));
  await check('who tells of a push is heard, and only by the right signature', () => proveReceiver(vars, context));
}

// A push is begun and given up, which leaves nothing.
async function proveLogin(vars: Vars, { http, kube }: Context): Promise<void> {
  const { host } = vars.registry;
  const client = new RegistryClient(vars, { http, kube }, await loginOfBuilder(vars, kube));
  const path = `${vars.containerDeployment.image}/blobs/uploads/`;
  const { status, headers } = await client.ask(path, { method: 'POST' });
  if (status !== 202) throw new Error(`POST https://${host}/v2/${path} → ${status}, expected 202`);
  const { pathname, search } = new URL(headers.location ?? '', `https://${host}`);
  await client.ask(`${pathname.replace(/^\/v2\//, '')}${search}`, { method: 'DELETE' });
}

async function proveNewest(vars: Vars, { http, kube }: Context): Promise<void> {
  const { branch, image } = vars.containerDeployment;
  const { build, commit, built = '' } = await outputsOf(vars, kube);
  if (build !== 'no')
    throw new Error(`image/ of branch ${branch} at ${commit} was not built; the newest image is ${built || 'none'}`);
  const client = new RegistryClient(vars, { http, kube }, await loginIn(vars.registry, kube));
  const digests = [built, branch].map((tag) => client.digestOf(image, tag, anyImage));
  const [named, newest] = await Promise.all(digests);
  const says = `branch ${branch} names ${vars.registry.host}/${image}:${built}`;
  if (named === undefined) throw new Error(`${says}, and the registry has no such image`);
  if (named !== newest) throw new Error(`${says}, and ${image}:${branch} is another image`);
}

async function proveClock({ containerDeployment: { namespace } }: Vars, { kube }: Context): Promise<void> {
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow', namespace, name: names.build };
  const cron = await kube.get(ref);
  const { suspend } = (cron?.spec ?? {}) as { readonly suspend?: boolean };
  if (cron === null || suspend === true)
    throw new Error(`CronWorkflow ${namespace}/${names.build} is ${cron ? 'suspended' : 'missing'}`);
}

/** A workflow that looks, and builds nothing. It waits for a build that is under way. */
function look({ containerDeployment: { namespace } }: Vars): Resource<unknown> {
  const spec = { workflowTemplateRef: { name: names.build }, entrypoint: 'look' };
  return argo.workflow({ namespace, name: probeName, spec }, { within: 300_000 });
}

const probeName = 'cairn-probe-look';

type Found = Readonly<Partial<Record<'build' | 'tag' | 'commit' | 'built', string>>>;

interface Node {
  readonly templateName?: string;
  readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

async function outputsOf({ containerDeployment: { namespace } }: Vars, kube: Probes['kube']): Promise<Found> {
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', namespace, name: probeName };
  const { nodes = {} } = ((await kube.get(ref))?.status ?? {}) as { readonly nodes?: Readonly<Record<string, Node>> };
  const parameters =
    Object.values(nodes).find(({ templateName }) => templateName === 'look')?.outputs?.parameters ?? [];
  return Object.fromEntries(parameters.map(({ name, value = '' }) => [name, value]));
}

async function loginOfBuilder(
  { containerDeployment: { namespace }, registry: { host } }: Vars,
  kube: Probes['kube'],
): Promise<Login> {
  const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.login });
  const { '.dockerconfigjson': config = '' } = (found?.data ?? {}) as Readonly<Record<string, string>>;
  if (config === '') return null;
  const { auths = {} } = JSON.parse(Buffer.from(config, 'base64').toString()) as {
    readonly auths?: Readonly<Record<string, { readonly username?: string; readonly password?: string }>>;
  };
  const { username: user, password } = auths[host] ?? {};
  return user === undefined || password === undefined ? null : { user, password };
}

async function proveReceiver({ containerDeployment: { namespace } }: Vars, { http, kube }: Context): Promise<void> {
  const body = '{"zen":"a ping starts nothing"}';
  const secret = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.webhook });
  const { secret: key = '' } = (secret?.data ?? {}) as Readonly<Record<string, string>>;
  const signed = createHmac('sha256', Buffer.from(key, 'base64')).update(body).digest('hex');
  await kube.portForward({ namespace, service: names.build, port: 'http' }, async ({ url }) => {
    for (const [signature, expected] of [
      ['0'.repeat(64), 401],
      [signed, 200],
    ] as const) {
      const headers = { 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${signature}` };
      const { status } = await http.send(`${url}/`, { method: 'POST', headers, body });
      const with_ = signature === signed ? 'the right' : 'a wrong';
      if (status !== expected) throw new Error(`a ping with ${with_} signature → ${status}, expected ${expected}`);
    }
  });
}
