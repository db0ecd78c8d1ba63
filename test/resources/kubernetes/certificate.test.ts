import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../../../src/model/step.ts';
import { restore, step } from '../../../src/model/step.ts';
import { authority, certificate } from '../../../src/resources/kubernetes/issued/certificate.ts';
import { deployment } from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { restartWhen } from '../../../src/resources/kubernetes/kinds/restart.ts';
import { World } from '../../rig/world.ts';

const day = 86_400_000;
const start = Date.parse('2026-03-01T12:00:00Z');

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const wait = (days: number): void => void vi.setSystemTime(start + days * day);

/** A site with a certificate of a local authority, which its server reads at its start. */
function site(
  hosts: readonly string[] = ['shop.test'],
  more: { days?: number; renewDays?: number } = {},
): Readonly<Record<string, Step>> {
  const labels = { app: 'web' };
  return {
    'demo/10_site': step({
      summary: 'A site',
      on: 'cluster',
      undo: restore,
      resources: () => {
        const ca = authority({ namespace: 'default', name: 'ca', commonName: 'A local authority' });
        const tls = certificate({ namespace: 'default', name: 'tls', hosts, authority: ca.out.data, ...more });
        const template = {
          metadata: { labels, annotations: restartWhen(tls) },
          spec: { containers: [{ name: 'web', image: 'web:1' }] },
        };
        const web = deployment({
          namespace: 'default',
          name: 'web',
          spec: { selector: { matchLabels: labels }, template },
        });
        return { ca, tls, web };
      },
    }),
  };
}

async function shown(world: World, name: string, key = 'tls.crt'): Promise<string> {
  const found = await world.kube.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name });
  const data = (found?.data ?? {}) as Readonly<Record<string, string>>;
  return Buffer.from(data[key] ?? '', 'base64').toString();
}

function put(world: World, name: string, values: Readonly<Record<string, string>>): void {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name };
  world.kube.edit(ref, 'kubectl-edit', (live) => ({ ...live, data: { ...(live.data as object), ...data } }));
}

async function why(world: World): Promise<readonly string[]> {
  const changes = (await world.plan()).steps.flatMap((one) => one.changes);
  return changes.flatMap(({ title, fields }) => fields.flatMap(({ note }) => (note ? [`${title}: ${note}`] : [])));
}

const renewed = ['update Secret default/tls', 'undecided Deployment default/web'];

describe('a certificate of a local authority', () => {
  let world: World;
  beforeEach(async () => {
    world = new World(site());
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
  });

  const isFine = async (): Promise<void> => {
    const before = await shown(world, 'tls');
    expect(await world.up()).toMatchObject({ code: 0 });
    const [made, ca] = [new X509Certificate(await shown(world, 'tls')), new X509Certificate(await shown(world, 'ca'))];
    expect(await shown(world, 'tls')).not.toBe(before);
    expect(made.verify(ca.publicKey)).toBe(true);
    expect(Date.parse(made.validFrom)).toBeLessThan(Date.now());
    expect(world.outcomes()).toContain('updated Deployment default/web');
    expect(await world.pending()).toEqual([]);
  };

  it('stays until 30 days before its end, is renewed from then on, and what uses it starts anew', async () => {
    wait(334);
    expect(await world.pending()).toEqual([]);
    wait(336);
    expect(await world.pending()).toEqual(renewed);
    expect(await why(world)).toContain('Secret default/tls: it expires in 29 days');
    await isFine();
  });

  it('is renewed as early as its step says, and long after its end', async () => {
    wait(300);
    world.useSteps(site(['shop.test'], { renewDays: 90 }));
    expect(await world.pending()).toEqual(renewed);
    await isFine();
    wait(1000);
    expect(await why(world)).toContain('Secret default/tls: it expired 335 days ago');
    await isFine();
  });

  it('of a few days is renewed in their last third', async () => {
    world.useSteps(site(['shop.test', 'short.test'], { days: 9 }));
    await world.up();
    wait(6);
    expect(await world.pending()).toEqual([]);
    wait(6.5);
    await isFine();
  });

  it.each([
    ['another name', ['other.test'], 'it is not valid for other.test'],
    ['one name more', ['shop.test', 'www.shop.test'], 'it is not valid for www.shop.test'],
  ])('is made anew for %s', async (_, hosts, said) => {
    world.useSteps(site(hosts));
    expect(await why(world)).toContain(`Secret default/tls: ${said}`);
    await isFine();
  });

  it('is made anew for a name less', async () => {
    world.useSteps(site(['shop.test', 'www.shop.test']));
    await world.up();
    world.useSteps(site());
    expect(await why(world)).toContain('Secret default/tls: it is valid for www.shop.test, too');
    await isFine();
  });

  it('is made anew where another authority signed it, or another key lies beside it', async () => {
    const theirs = new World(site());
    await theirs.up();
    const [crt, key] = [await shown(theirs, 'tls'), await shown(theirs, 'tls', 'tls.key')];
    put(world, 'tls', { 'tls.crt': crt, 'tls.key': key });
    expect(await why(world)).toContain('Secret default/tls: another authority signed it');
    await isFine();
    put(world, 'tls', { 'tls.key': key });
    expect(await why(world)).toContain('Secret default/tls: its key is not the one beside it');
    await isFine();
    put(world, 'tls', { 'tls.key': 'no key' });
    await isFine();
  });

  it('is made anew with its authority, a year before that ends, or where its key is gone', async () => {
    wait(3650 - 364);
    expect(await world.pending()).toEqual([
      'update Secret default/ca',
      ...['undecided Secret default/tls', renewed[1]],
    ]);
    await isFine();
    put(world, 'ca', { 'tls.key': '' });
    expect(await why(world)).toContain('Secret default/ca: its key is not the one beside it');
    await isFine();
  });

  it('that a machine made whose clock was ahead is made anew, and an hour is not too much', async () => {
    vi.setSystemTime(start - 50 * 60_000);
    expect(await world.pending()).toEqual([]);
    vi.setSystemTime(start - 2 * 3_600_000);
    expect((await why(world)).join()).toContain('Secret default/tls: it is valid only from');
    await isFine();
  });
});
