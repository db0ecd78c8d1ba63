import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { restore, step } from '../../src/model/step.ts';
import { type HelmReleaseSpec, helmRelease } from '../../src/resources/kubernetes/bundle/helm-release.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { buildPrograms, pathOf, rigTimeout, whyNo } from '../rig/programs.ts';
import { type Registry, startRegistry } from '../rig/registry.ts';
import { World } from '../rig/world.ts';

const why = whyNo('helm', 'registry');

describe.skipIf(why !== null)(why ?? 'a chart from a registry that wants a login', () => {
  let registry: Registry;
  let digest: string;
  let folder: string;

  beforeAll(async () => {
    await buildPrograms('helm', 'registry');
    registry = await startRegistry();
    digest = push();
  }, rigTimeout);
  afterAll(async () => await registry.stop());

  // Each test with a cache of its own, or what one was allowed to fetch would serve the next.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-oci-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(
      join(folder, 'bin/helm'),
      `#!/bin/sh\n{ echo "$@"; env; } >> ${folder}/seen\nexec ${pathOf('helm')} "$@"\n`,
    );
    chmodSync(join(folder, 'bin/helm'), 0o755);
    vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
    vi.stubEnv('HELM_CACHE_HOME', join(folder, 'cache'));
    vi.stubEnv('HELM_CONFIG_HOME', join(folder, 'config'));
    vi.stubEnv('TMPDIR', join(folder, 'tmp'));
    mkdirSync(join(folder, 'tmp'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function push(): string {
    const work = mkdtempSync(join(tmpdir(), 'cairn-push-'));
    const { username, password } = registry.login;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    writeFileSync(join(work, 'login'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const helm = (...args: readonly string[]): string =>
      execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', pathOf('helm'), ...args], { cwd: work, encoding: 'utf8' });
    helm('package', join(import.meta.dirname, '../charts/shop'));
    const to = `oci://${registry.host}/charts`;
    const said = helm('push', 'shop-1.2.3.tgz', to, '--plain-http', '--registry-config', join(work, 'login'));
    rmSync(work, { recursive: true, force: true });
    return /sha256:\w{64}/.exec(said)?.[0] ?? '';
  }

  const release = (more: Partial<HelmReleaseSpec>): HelmReleaseSpec => ({
    name: 'web',
    namespace: 'default',
    chart: `oci://${registry.host}/charts/shop`,
    plainHttp: true,
    ...more,
  });
  const worldOf = (spec: () => HelmReleaseSpec): World =>
    new World({
      'demo/10_shop': step({
        summary: 'A shop',
        on: 'cluster',
        undo: restore,
        resources: () => ({ shop: helmRelease(spec()) }),
      }),
    });
  const ours = () => ({ username: registry.login.username, password: new Secret(registry.login.password) });

  it('is fetched in its version, and the login is seen by nobody', async () => {
    const world = worldOf(() => release({ version: '1.2.3', login: ours() }));
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
    const seen = readFileSync(join(folder, 'seen'), 'utf8');
    expect(seen).toContain('--registry-config');
    for (const word of [registry.login.password, Buffer.from(`cairn:${registry.login.password}`).toString('base64')]) {
      expect(`${seen}${JSON.stringify([world.events, await world.journal.entries()])}`).not.toContain(word);
    }
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('is fetched by its digest, without a version', async () => {
    const world = worldOf(() => release({ chart: `oci://${registry.host}/charts/shop@${digest}`, login: ours() }));
    const { steps } = await world.plan();
    expect(steps[0]?.changes.map(({ verb }) => verb)).not.toContain('refused');
    expect(steps[0]?.changes[0]?.source).toMatch(/\/charts\/shop@sha256:\w{12}$/);
    const other = digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const wrong = worldOf(() => release({ chart: `oci://${registry.host}/charts/shop@${other}`, login: ours() }));
    expect((await wrong.plan()).steps[0]?.changes[0]).toMatchObject({ problem: { code: 'render-failed' } });
  });

  it('takes its login from a Secret of the cluster', async () => {
    const id = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'registry' };
    const world = worldOf(() => {
      const kept = existing.secret({ namespace: 'default', name: 'registry', keys: ['password'] });
      return release({ version: '1.2.3', login: { username: 'cairn', password: kept.out.data.password } });
    });
    world.kube.edit(id, 'somebody', (object) => ({
      ...object,
      data: { password: Buffer.from(registry.login.password).toString('base64') },
    }));
    expect(await world.up()).toMatchObject({ code: 0 });
  });

  it('says what the registry has against a wrong login, without showing it', async () => {
    const login = { username: 'cairn', password: new Secret('a-wrong-canary') };
    const { steps } = await worldOf(() => release({ version: '1.2.3', login })).plan();
    const [change] = steps[0]?.changes ?? [];
    expect(change).toMatchObject({ verb: 'refused', problem: { code: 'render-failed' } });
    expect(change?.problem?.detail?.join('\n')).toMatch(/401|unauthorized/);
    expect(JSON.stringify(steps)).not.toContain('a-wrong-canary');
  });

  it('is refused without a login', async () => {
    const [change] = (await worldOf(() => release({ version: '1.2.3' })).plan()).steps[0]?.changes ?? [];
    expect(change).toMatchObject({ verb: 'refused', problem: { code: 'render-failed' } });
  });
});
