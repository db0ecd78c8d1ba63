import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Inputs } from '../../src/model/deferred.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import { Secret } from '../../src/model/secret.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { helmRelease, helmTests } from '../../src/resources/kubernetes/bundle/helm-release.ts';
import { type Fields, textAt } from '../../src/resources/kubernetes/compare/json.ts';
import { buildPrograms, pathOf, rigTimeout, whyNo } from '../rig/programs.ts';
import { World } from '../rig/world.ts';

const why = whyNo('helm');
let folder: string;

beforeAll(async () => {
  if (why === null) await buildPrograms('helm');
}, rigTimeout);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-helm-'));
  cpSync(join(import.meta.dirname, '../charts/shop'), join(folder, 'shop'), { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function shop(values: Inputs<Fields> = {}): Readonly<Record<string, Step>> {
  const release = { name: 'web', namespace: 'default', chart: join(folder, 'shop'), values };
  const only = step({
    summary: 'A shop from a chart',
    on: 'cluster',
    undo: restore,
    resources: () => ({ shop: helmRelease(release) }),
    async verify({ scratch }) {
      await scratch('its own tests pass', { tests: helmTests(release) }, async () => {});
    },
  });
  return { 'demo/10_shop': only };
}

/** Goes on with other values; what was made stays, and the journal too. */
function useValues(world: World, values: Inputs<Fields>): void {
  const other = new World(shop(values));
  world.use(other.instances);
}

async function live(world: World, kind: string, name: string, apiVersion = 'v1'): Promise<KubeObject | null> {
  return world.kube.get({ apiVersion, kind, namespace: 'default', name });
}

function jobs(world: World): readonly string[] {
  return world.outcomes().filter((line) => line.includes('Job '));
}

describe.skipIf(why !== null)(why ?? 'a Helm release', () => {
  it('is planned object by object, runs its hooks in turn, is unchanged the second time, and is taken back', async () => {
    const world = new World(shop());
    const before = world.snapshot();
    const { steps } = await world.plan();
    const sources = new Set(steps[0]?.changes.map(({ source }) => source));
    expect([...sources]).toEqual([
      `Helm release default/web of ${join(folder, 'shop').split('/').slice(-2).join('/')}`,
    ]);
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ checks: { passed: 1 } }] });
    const made = world.outcomes();
    const order = [
      'created CustomResourceDefinition stones.cairn.example',
      'created Job default/prepare',
      'created Job default/migrate',
      'created Deployment default/web',
      'created Job default/announce',
      'created hook pre-delete default/drain',
      'created ConfigMap default/cairn-release-web',
      'updated Job default/announce, removed when done',
    ];
    expect(made.filter((line) => order.includes(line))).toEqual(order);
    expect(made.at(1)).toBe('created hook post-delete default/farewell');
    expect(made.join()).not.toMatch(/backup|undo-upgrade|web-test/);
    expect(await live(world, 'Job', 'announce', 'batch/v1')).toBeNull();
    const after = world.snapshot();
    expect(await world.pending()).toEqual([]);
    await world.up();
    expect(world.snapshot()).toEqual(after);
    expect(await world.verify()).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true });
    expect(await world.undo()).toMatchObject({ code: 0 });
    const left = world.kube
      .snapshot()
      .filter((one) => !JSON.stringify(before).includes(`"name":"${one.metadata.name}"`));
    expect(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['PersistentVolumeClaim web-data']);
  });

  it('makes what helm makes of it, but for what is random', async () => {
    const world = new World(shop({ replicas: 3 }));
    await world.up();
    const args = ['template', 'web', join(folder, 'shop'), '--set', 'replicas=3', '--no-hooks', '--include-crds'];
    const text = execFileSync(
      pathOf('helm'),
      [...args, '--kube-version', 'v1.34.4', '-a', 'policy/v1/PodDisruptionBudget,cairn.example/v1/Stone'],
      { encoding: 'utf8' },
    );
    const documents = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
    expect(documents).toHaveLength(6);
    for (const { apiVersion, kind, metadata, ...fields } of documents.filter((one) => one.kind !== 'Secret')) {
      const namespace = kind === 'CustomResourceDefinition' ? {} : { namespace: 'default' };
      const found = await world.kube.get({ apiVersion, kind, name: metadata.name, ...namespace });
      const wish = JSON.parse(JSON.stringify(fields, (_, value: unknown) => value ?? undefined)) as object;
      expect(found, `${kind} ${metadata.name}`).toMatchObject(wish);
    }
  });

  it('is rendered as if the definitions that it brings were there, as they are at the next plan', async () => {
    const world = new World(shop());
    await world.up();
    expect(await live(world, 'ConfigMap', 'web-settings')).toMatchObject({ data: { stones: 'true', kube: 'v1.34.4' } });
    expect(await world.pending()).toEqual([]);
  });

  it('gives values to the chart with the types that they have', async () => {
    const settings = {
      port: 8080,
      ratio: 0.5,
      version: '1.10',
      yes: 'yes',
      on: true,
      list: [1, '2'],
      octal: '0123',
      big: 1000000,
    };
    const world = new World(shop({ settings }));
    await world.up();
    const types = textAt(await live(world, 'ConfigMap', 'web-settings'), 'data', 'types') ?? '';
    expect(types.trim().split(/\n\s*/).toSorted()).toEqual([
      'big is int64 1000000',
      'list is slice [1,"2"]',
      'octal is string "0123"',
      'on is bool true',
      'port is float64 8080',
      'ratio is float64 0.5',
      'version is string "1.10"',
      'yes is string "yes"',
    ]);
  });

  it('keeps what the chart makes at random', async () => {
    const world = new World(shop());
    await world.up();
    const before = (await live(world, 'Secret', 'web-login'))?.data;
    useValues(world, { replicas: 2 });
    expect(await world.pending()).toContain('update Deployment default/web');
    await world.up();
    expect((await live(world, 'Secret', 'web-login'))?.data).toEqual(before);
  });

  it('runs the hooks of an upgrade once, and takes those of an install away', async () => {
    const world = new World(shop());
    await world.up();
    world.events.length = 0;
    useValues(world, { image: 'shop:2' });
    await world.up();
    expect(jobs(world)).toEqual([
      'created Job default/backup',
      'updated Job default/migrate',
      'created Job default/announce',
      'updated Job default/announce, removed when done',
      'removed Job default/prepare',
    ]);
    expect(await world.pending()).toEqual([]);
    world.events.length = 0;
    await world.up();
    expect(jobs(world).filter((line) => !line.startsWith('unchanged'))).toEqual([]);
  });

  it('stops at a hook that fails, and goes on with it the next time', async () => {
    const world = new World(shop());
    const migrate = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'migrate' };
    world.kube.behave(migrate, { is: 'crash', log: ['no such table'] });
    const result = await world.up();
    expect(result).toMatchObject({ code: 1, failure: { title: 'Job default/migrate' } });
    expect(await live(world, 'Deployment', 'web', 'apps/v1')).toBeNull();
    world.kube.behave(migrate, { is: 'ready' });
    world.events.length = 0;
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(jobs(world)).toContain('unchanged Job default/prepare');
    expect(world.outcomes()).toContain('created Deployment default/web');
  });

  it('never shows a secret among its values', async () => {
    const password = new Secret('correct-horse-battery');
    const world = new World(shop({ password }));
    const plan = await world.plan();
    await world.up();
    expect((await live(world, 'ConfigMap', 'web-settings'))?.data).toMatchObject({
      url: 'redis://:correct-horse-battery@redis',
    });
    useValues(world, { password: new Secret('another-battery') });
    const shown = JSON.stringify([plan, await world.plan(), world.events]);
    expect(shown).toContain('data.url');
    expect(shown).not.toMatch(/correct-horse|another-battery/);
  });

  it('may come from a repository, in the version that the step names', async () => {
    vi.stubEnv('HELM_CACHE_HOME', join(folder, 'cache'));
    const helm = (...args: readonly string[]) => execFileSync(pathOf('helm'), args, { cwd: folder, stdio: 'pipe' });
    helm('package', 'shop');
    helm('repo', 'index', '.');
    const server = createServer(({ url }, answer) => answer.end(readFileSync(join(folder, basename(url ?? '')))));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    try {
      const from = { chart: 'shop', repository: `http://127.0.0.1:${port}` };
      const releaseOf = (version: string): Readonly<Record<string, Step>> => {
        const it = { name: 'web', namespace: 'default', ...from, version };
        const resources = () => ({ it: helmRelease(it) });
        return { 'demo/10_shop': step({ summary: 's', on: 'cluster', undo: restore, resources }) };
      };
      const world = new World(releaseOf('1.2.3'));
      expect(await world.pending()).toContain('create Deployment default/web');
      const [change] = (await new World(releaseOf('9.9.9')).plan()).steps[0]?.changes ?? [];
      expect(change?.problem?.detail?.join()).toContain('9.9.9');
    } finally {
      server.close();
    }
  });

  // A chart that others wrote, out of the Go module that it is published with; CI fetches it.
  const metrics = 'sigs.k8s.io/metrics-server@v0.7.2';
  const modules = process.env.GOMODCACHE || join(process.env.GOPATH || join(homedir(), 'go'), 'pkg/mod');
  const chart = join(modules, metrics, 'charts/metrics-server');

  it.skipIf(!existsSync(chart) && !process.env.CI)('may be of any chart: metrics-server', async () => {
    if (!existsSync(chart)) execFileSync('go', ['mod', 'download', metrics], { cwd: folder });
    const release = { name: 'metrics', namespace: 'kube-system', chart, values: { replicas: 2 } };
    const only = step({ summary: 's', on: 'cluster', undo: restore, resources: () => ({ it: helmRelease(release) }) });
    const world = new World({ 'demo/10_metrics': only });
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes()).toContain('created APIService v1beta1.metrics.k8s.io');
    expect(await world.pending()).toEqual([]);
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });

  it('says what helm has against it', async () => {
    rmSync(join(folder, 'shop/Chart.yaml'));
    const [change] = (await new World(shop()).plan()).steps[0]?.changes ?? [];
    expect(change).toMatchObject({ verb: 'refused', problem: { code: 'render-failed' } });
    expect(change?.problem?.detail?.join()).toContain('Chart.yaml');
  });
});
