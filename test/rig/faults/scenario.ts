import type { KubeClient } from '../../../src/connect/kubernetes/client.ts';
import { RealKubeReader } from '../../../src/connect/kubernetes/reader.ts';
import type { KubeReader } from '../../../src/model/kube.ts';
import type { ApiServer } from '../apiserver.ts';
import { Commands, type Ended } from './commands.ts';
import { effectsOf, oftener } from './effects.ts';
import type { Fault } from './faults.ts';
import { adopted, earlier, home, replaced, type shop } from './project.ts';
import { keyOf, openFaultProxy, type Place } from './proxy.ts';
import { same, snapshot } from './snapshot.ts';

/** What an install, a rerun and an undo came to, one of whose requests met a fault. */
export interface Trial {
  readonly fault: string;
  readonly protocol: Protocol;
  /** False where this time no such request came. */
  readonly struck: boolean;
  /** Which commands failed, and with which codes; each was then run again. */
  readonly failed: readonly string[];
  /** What is wrong; empty when everything is right. */
  readonly wrong: readonly string[];
  /** What was sent, in order. */
  readonly requests: readonly string[];
  /** Writes that took effect, by what they were made on. */
  readonly effects: ReadonlyMap<string, number>;
  /** The end state after the install. */
  readonly state: unknown;
}

/** A fault, and the request that meets it. */
export interface Strike {
  readonly fault: Fault;
  readonly on: Place;
}

export type Protocol = 'h2' | 'http/1.1';

export interface Stage {
  readonly rig: ApiServer;
  /** What is installed: `shop` or `shopWithWidget`. */
  readonly project: typeof shop;
  /** Reaches the server itself, without the proxy. */
  readonly direct: KubeClient;
  readonly name: string;
  readonly protocol: Protocol;
}

/**
 * Installs, reruns and undoes the shop, with a fault at one request of all that.
 * @param like a trial without a fault, which says what must come out
 */
export async function tryFault(stage: Stage, strike: Strike | null, like?: Trial): Promise<Trial> {
  const { rig, name, protocol, project } = stage;
  const world = new RealKubeReader(stage.direct);
  const look = (): Promise<readonly unknown[]> => snapshot(world, name);
  const wrong: string[] = [];
  const failed: string[] = [];
  await prepare(stage);
  const proxy = await openFaultProxy(rig, protocol);
  const commands = new Commands(proxy, name);
  try {
    await must(commands.up(earlier(name), 'r0'), 'the earlier release');
    const before = await look();
    const began = proxy.seen.length;
    if (strike) proxy.arm(strike.fault, strike.on);
    const again = async (what: string, command: () => Promise<Ended>): Promise<void> => {
      const first = await command();
      if (first.code === 0) return;
      failed.push(`${what}: ${first.causes.map(({ code }) => code).join(', ')}`);
      wrong.push(...unclear(what, first));
      const second = await command();
      if (second.code !== 0) wrong.push(`${what} fails again: ${textOf(second)}`);
    };
    await again('up', () => commands.up(project(name), 'r1'));
    const state = await look();
    const installed = effectsOf(proxy.seen.slice(began));
    if (like) wrong.push(...unlike(like, state));
    await again('rerun', () => commands.up(project(name), 'r2'));
    if (!same(await look(), state)) wrong.push('the rerun changed something');
    wrong.push(...twice(installed, effectsOf(proxy.seen.slice(began))));
    await again('undo', () => commands.undo(project(name), 'r3'));
    const effects = effectsOf(proxy.seen.slice(began));
    if (like) wrong.push(...oftener(like.effects, effects));
    wrong.push(...(await leftOver(world, name, before)));
    const requests = proxy.seen.slice(began).map(keyOf);
    return {
      fault: strike?.fault.name ?? 'none',
      protocol,
      struck: proxy.struck,
      failed,
      wrong,
      requests,
      effects,
      state,
    };
  } finally {
    await proxy.close();
    await sweep(stage);
  }
}

// What somebody else made, with the hands of kubectl.
async function prepare({ direct, name }: Stage): Promise<void> {
  const metadata = { namespace: home, name: adopted(name) };
  const answer = await direct.send({
    method: 'POST',
    path: `/api/v1/namespaces/${home}/configmaps?fieldManager=kubectl-create`,
    contentType: 'application/json',
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { theirs: 'old' } }),
    repeatable: false,
  });
  if (answer.status !== 201) throw new Error(answer.body);
}

async function sweep({ direct, name }: Stage): Promise<void> {
  for (const one of [adopted(name), replaced(name)]) {
    await direct.send({ method: 'DELETE', path: `/api/v1/namespaces/${home}/configmaps/${one}`, repeatable: true });
  }
}

async function must(command: Promise<Ended>, what: string): Promise<void> {
  const ended = await command;
  if (ended.code !== 0) throw new Error(`${what}: ${textOf(ended)}`);
}

function textOf({ causes }: Ended): string {
  return causes.map(({ code, summary, detail = [] }) => [`${code}: ${summary}`, ...detail].join(' / ')).join('; ');
}

/** A failure says what happened in words of its own. */
function unclear(what: string, { causes }: Ended): readonly string[] {
  if (causes.length === 0) return [`${what} failed without a cause`];
  return causes.filter(({ code }) => code === 'internal').map(({ summary }) => `${what} failed unclearly: ${summary}`);
}

function unlike(like: Trial, state: readonly unknown[]): readonly string[] {
  const expected = (like.state as readonly unknown[]).map((one) => JSON.stringify(one));
  const found = state.map((one) => JSON.stringify(one));
  return [
    ...expected.filter((one) => !found.includes(one)).map((one) => `missing after the install: ${one}`),
    ...found.filter((one) => !expected.includes(one)).map((one) => `unexpected after the install: ${one}`),
  ];
}

function twice(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): readonly string[] {
  return oftener(first, second).map((line) => `the rerun wrote: ${line}`);
}

async function leftOver(direct: KubeReader, name: string, before: readonly unknown[]): Promise<readonly string[]> {
  const after = await snapshot(direct, name);
  // What the earlier release made is taken back, too.
  const expected = before.filter((one) => !JSON.stringify(one).includes('NAME-replaced'));
  const lease = await direct.get({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: 'kube-system',
    name: `cairn-${name}`,
  });
  return [
    ...after
      .filter((one) => !expected.some((was) => same(was, one)))
      .map((one) => `left after undo: ${JSON.stringify(one)}`),
    ...expected
      .filter((was) => !after.some((one) => same(was, one)))
      .map((one) => `lost by undo: ${JSON.stringify(one)}`),
    // Given back is enough: the cluster's collector removes it when it comes to it.
    ...(lease && !lease.metadata.deletionTimestamp ? ['the lock is still held'] : []),
  ];
}

/** Names of shops on one server: `fa0x`, told from other words by their form. */
export function shopName(number: number): string {
  return `fa${number}x`;
}
