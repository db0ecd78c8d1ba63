import { setTimeout } from 'node:timers/promises';
import { exitCodes } from '../../src/model/event.ts';
import { cairn, kubectl, type Ran } from '../e2e/rig.ts';

/** A kubectl that must succeed, as an admin who isn't Cairn. */
export async function admin(...words: readonly string[]): Promise<string> {
  return demand(await kubectl(...words)).stdout;
}

/** Cairn, as soon as nobody else is at work on its targets. */
export async function cairnWhenFree(...words: readonly string[]): Promise<Ran> {
  for (const end = Date.now() + 10 * 60_000; ; await setTimeout(5_000)) {
    const ran = await cairn(...words);
    if (ran.code !== exitCodes.locked || Date.now() > end) return ran;
  }
}

export function demand(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}: ${ran.said}`);
  return ran;
}

/** Writes part of an object over what is there; `type` as kubectl's. */
export function patch(namespace: string, object: string, value: unknown, type = 'merge'): Promise<string> {
  return admin('-n', namespace, 'patch', object, '--type', type, '--patch', JSON.stringify(value));
}

/** Waits until a Deployment runs as it now says. */
export function rolledOut(namespace: string, name: string): Promise<string> {
  return admin('-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=90s');
}

/** Changes the one container of a Deployment, and waits until it runs so. */
export async function recontain(namespace: string, name: string, path: string, value: unknown): Promise<void> {
  await patch(
    namespace,
    `deployment/${name}`,
    [{ op: 'replace', path: `/spec/template/spec/containers/0/${path}`, value }],
    'json',
  );
  await rolledOut(namespace, name);
}

export async function restart(namespace: string, name: string): Promise<void> {
  await admin('-n', namespace, 'rollout', 'restart', `deployment/${name}`);
  await rolledOut(namespace, name);
}

/** Lets a Deployment end all of its pods. */
export async function scaleToNothing(namespace: string, name: string): Promise<void> {
  await admin('-n', namespace, 'scale', `deployment/${name}`, '--replicas=0');
  await gone(namespace, name);
}

/** Waits until no pod of a Deployment is left. */
export async function gone(namespace: string, name: string): Promise<void> {
  await admin('-n', namespace, 'wait', '--for=delete', 'pod', '-l', `app.kubernetes.io/name=${name}`, '--timeout=60s');
}

/** A command in the running Redis, by who knows the password that its file names. */
export function redis(command: string): Promise<string> {
  const script = `REDISCLI_AUTH=$(sed -n "s/^requirepass //p" /run/secrets/redis/redis.conf) redis-cli ${command}`;
  return admin('-n', 'devpi', 'exec', 'deployment/redis', '--', 'sh', '-c', script);
}

// In the server's own pod, so that root's password goes nowhere.
const asRoot = `
import base64, sys, urllib.request
path, body = sys.argv[1:]
login = base64.b64encode(b'root:' + open('/run/secrets/devpi/password', 'rb').read().strip()).decode()
headers = {'Authorization': 'Basic ' + login, 'Accept': 'application/json', 'Content-Type': 'application/json'}
request = urllib.request.Request('http://localhost:3141' + path, method='PATCH', data=body.encode(), headers=headers)
print(urllib.request.urlopen(request).status)
`;

/** Changes a user or an index of devpi, as its root. */
export function devpi(path: string, change: unknown): Promise<string> {
  const words = ['python3', '-c', asRoot, path, JSON.stringify(change)];
  return admin('-n', 'devpi', 'exec', 'deployment/devpi', '--', ...words);
}

/** What a person would do about it: a playbook, or some of its steps, once more. */
export async function up(playbook: string, steps?: string, set: readonly string[] = []): Promise<void> {
  const only = steps === undefined ? [] : ['--only', steps];
  demand(await cairnWhenFree('up', playbook, ...only, ...set.flatMap((one) => ['--set', one]), '--no-verify', '--yes'));
}

/** The time that a proxy takes to hear of a new route or certificate. */
export function heard(): Promise<void> {
  return setTimeout(3_000);
}

/** The arguments of the one container of a Deployment. */
export async function argsOf(namespace: string, name: string): Promise<readonly string[]> {
  const path = 'jsonpath={.spec.template.spec.containers[0].args}';
  return JSON.parse(await admin('-n', namespace, 'get', `deployment/${name}`, '-o', path)) as readonly string[];
}
