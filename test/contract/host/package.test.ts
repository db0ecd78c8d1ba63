import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { openLocalHost } from '../../../src/connect/local/host.ts';
import type { PackageState } from '../../../src/model/host.ts';
import { aptPackage } from '../../../src/resources/host/package.ts';
import { type DebianRoot, hasDebianRoots } from '../../rig/debian-root.ts';
import type { RemoteDebian } from '../../rig/debian-ssh.ts';
import { contractSuite, type TestWorld } from '../suite.ts';
import { closeRepository, openAptRoot } from './system/apt-root.ts';
import { debianShells, openRemote } from './system/worlds.ts';
import { typeOf } from './types.ts';
import { isRoot } from './worlds.ts';

interface PackageWorld extends TestWorld<'host'> {
  install(name: string): Promise<void>;
  markAuto(name: string): Promise<void>;
  installed(): Promise<unknown>;
}

async function openFake(): Promise<PackageWorld & { readonly host: FakeHost }> {
  const host = new FakeHost();
  const { packages } = host;
  packages.available.set('hello', { version: '2.10-3', depends: ['libhello'] });
  packages.available.set('libhello', { version: '1.0-1' });
  packages.available.set('hello-tools', { version: '2.10-3', depends: ['hello'] });
  packages.installed.set('base', { version: '1', auto: false });
  packages.installed.set('orphan', { version: '1', auto: true });
  return {
    host,
    reader: host,
    writer: host,
    writes: () => host.changes,
    install: async (name) => packages.install([name]),
    markAuto: async (name) => packages.mark([name], true),
    installed: async () => packages.all(),
    close: async () => undefined,
  };
}

async function openDebian(): Promise<PackageWorld> {
  return inside(openAptRoot());
}

function inside({ host, sh, close }: DebianRoot | RemoteDebian): PackageWorld {
  return {
    reader: host,
    writer: host,
    install: async (name) => void sh(`apt-get -qy install ${name}`),
    markAuto: async (name) => void sh(`apt-mark auto ${name}`),
    installed: async () => await host.ask({ ask: 'packages' }),
    close: async () => await close(),
  };
}

const type = typeOf(aptPackage);
const id = { name: 'hello' };
const state: PackageState = { version: '2.10-3', auto: false };
const subject = {
  type,
  id: () => id,
  want: { version: '2.10-3' },
  drifts: { mark: async (world: PackageWorld) => await world.markAuto('hello') },
  snapshot: async (world: PackageWorld) => await world.installed(),
};

contractSuite({
  ...subject,
  name: 'package on a fake host',
  open: openFake,
  older: async (world) => await world.install('hello=2.9-1'),
});

describe.skipIf(!hasDebianRoots)('apt (needs root, and CAIRN_TEST_HOST=1 or CI=true)', () => {
  afterAll(closeRepository);

  const worlds = {
    'a Debian of its own': openDebian,
    ...Object.fromEntries(
      debianShells.map((sh) => [`a Debian by SSH with ${sh}`, async () => inside(await openRemote(sh, openAptRoot()))]),
    ),
  };
  for (const [where, open] of Object.entries(worlds))
    contractSuite({
      ...subject,
      name: `package on ${where}`,
      open,
      older: async (world) => await world.install('hello=2.9-1'),
    });

  it('gives a package that came with another its mark back', async () => {
    const world = await openDebian();
    await world.install('hello');
    await world.markAuto('hello');
    const before = { ...state, auto: true };
    const written = await type.write({ id, want: {}, live: before, options: {} }, world.writer);
    expect(written).toEqual({ is: 'written', live: state });
    expect(await type.restore({ id, before, live: state }, world.writer)).toEqual({ is: 'written', live: before });
    await world.close();
  });
});

describe('a package', () => {
  it('takes back what came with it, and leaves what was unneeded before', async () => {
    const { host } = await openFake();
    const before = host.packages.all();
    await type.write({ id, want: {}, live: null, options: {} }, host);
    expect(Object.keys(host.packages.all())).toEqual(['base', 'hello', 'libhello', 'orphan']);
    await type.restore({ id, before: null, live: state }, host);
    expect(host.packages.all()).toEqual(before);
  });

  it('that others need now is not removed, and they are named', async () => {
    const { host } = await openFake();
    host.packages.install(['hello', 'hello-tools']);
    const before = host.packages.all();
    expect(await type.loss(id, state, host)).toMatchObject({ is: 'data', why: expect.stringContaining('hello-tools') });
    await expect(type.restore({ id, before: null, live: state }, host)).rejects.toMatchObject({
      code: 'package-needed',
    });
    expect(host.packages.all()).toEqual(before);
  });

  it('that may not be there goes with what only it needed, and comes back', async () => {
    const { host } = await openFake();
    host.packages.install(['hello']);
    const before = host.packages.all();
    expect(type.diff(state, { absent: true })).toMatchObject({ removes: true });
    await type.write({ id, want: { absent: true }, live: state, options: {} }, host);
    expect(Object.keys(host.packages.all())).toEqual(['base', 'orphan']);
    expect(type.diff(null, { absent: true }).changes).toEqual([]);
    await type.restore({ id, before: state, live: null }, host);
    expect(host.packages.all()).toEqual(before);
  });

  it('that another brought along meanwhile becomes wanted', async () => {
    const { host } = await openFake();
    host.packages.install(['hello-tools']);
    expect(await type.write({ id, want: {}, live: null, options: {} }, host)).toEqual({ is: 'written', live: state });
  });

  it.runIf(isRoot)('that nobody offers fails with what apt said', async () => {
    const host = await openLocalHost();
    const plan = host.ask({ ask: 'package-plan', install: ['no-such-package-anywhere'], remove: [] });
    await expect(plan).rejects.toThrow(/Unable to locate package/);
  });

  it.runIf(isRoot)('is known on this machine with its version and mark', async () => {
    const host = await openLocalHost();
    const [one, all] = await Promise.all([host.ask({ ask: 'package', name: 'dpkg' }), host.ask({ ask: 'packages' })]);
    expect(one?.version).toMatch(/^1\./);
    expect(all.dpkg).toEqual(one);
    const marked = execFileSync('apt-mark', ['showauto'], { encoding: 'utf8' }).trim().split('\n').sort();
    const auto = Object.entries(all).flatMap(([name, state]) => (state.auto ? [name] : []));
    expect(auto.sort()).toEqual(marked);
  });
});
