import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { aptPackage } from '../../src/resources/host/package.ts';
import { dnfRepository } from '../../src/resources/host/packages/dnf-repository.ts';
import { typeOf } from '../contract/host/types.ts';
import { contractSuite, type TestWorld } from '../contract/suite.ts';
import { canOpenDebian, type DebianRoot, openDebianRoot } from '../rig/debian-root.ts';
import { World } from '../rig/world.ts';

const packages = ['createrepo-c', 'dnf', 'rpm'];

/** Packages `hello` in two versions, what it needs, and what needs it. */
const specs = [
  ['libhello', '1.0', ''],
  ['hello', '2.9', 'Requires: libhello'],
  ['hello', '2.10', 'Requires: libhello'],
  ['hello-tools', '1.0', 'Requires: hello'],
] as const;

const building = specs
  .map(
    ([name, version, requires]) => `cat >/srv/${name}.spec <<'EOF'
Name: ${name}
Version: ${version}
Release: 1
Summary: For a test
License: none
BuildArch: noarch
${requires}
%description
For a test.
%files
EOF
rpmbuild -bb --define '_rpmdir /srv/repository' --define '_topdir /srv/build' /srv/${name}.spec`,
  )
  .join('\n');

const setUp = `mkdir -p /srv/repository /etc/yum.repos.d /etc/dnf
{ ${building}
createrepo_c /srv/repository; } >/dev/null 2>&1
printf '[main]\\ngpgcheck=0\\ncachedir=/var/cache/dnf\\n' >/etc/dnf/dnf.conf
printf '[local]\\nname=local\\nbaseurl=file:///srv/repository\\n' >/etc/yum.repos.d/local.repo
# A host of this kind has no apt.
mv /usr/bin/apt-get /usr/bin/not-apt-get`;

const type = typeOf(aptPackage);
const id = { name: 'hello' };
const state = { version: '2.10-1', auto: false };

interface DnfWorld extends TestWorld<'host'> {
  sh(script: string): string;
}

describe.skipIf(!canOpenDebian(packages))('dnf on a host of its own (needs root and CAIRN_TEST_HOST=1)', () => {
  let root: DebianRoot;
  beforeAll(() => {
    root = openDebianRoot(packages);
    root.sh(setUp);
  }, 600_000);
  afterAll(() => root?.close());

  const open = async (): Promise<DnfWorld> => ({
    reader: root.host,
    writer: root.host,
    sh: (script) => root.sh(script),
    close: async () => void root.sh('dnf -q -y remove "*hello*" >/dev/null 2>&1 || true'),
  });

  contractSuite({
    name: 'package by dnf',
    type,
    open,
    id: () => id,
    want: { version: '2.10-1' },
    drifts: {
      mark: async (world) => void world.sh('dnf -q -y mark remove hello 2>/dev/null'),
      version: async (world) => void world.sh('dnf -q -y downgrade hello-2.9 2>/dev/null'),
    },
    older: async (world) => void world.sh('dnf -q -y install hello-2.9 2>/dev/null'),
    snapshot: async (world) => await world.reader.ask({ ask: 'packages' }),
  });

  it('takes what came with it, and names what needs it', async () => {
    const world = await open();
    await type.write({ id, want: {}, live: null, options: {} }, root.host);
    expect(await root.host.ask({ ask: 'packages' })).toMatchObject({
      hello: state,
      libhello: { version: '1.0-1', auto: true },
    });
    expect(await type.loss(id, state, root.host)).toEqual({ is: 'none' });
    world.sh('dnf -q -y install hello-tools 2>/dev/null');
    const loss = await type.loss(id, state, root.host);
    expect(loss).toMatchObject({ is: 'data', holds: ['package/hello-tools'] });
    await world.close();
  });

  it('says what dnf says of a package that nobody offers', async () => {
    const write = type.write({ id: { name: 'nobody' }, want: {}, live: null, options: {} }, root.host);
    await expect(write).rejects.toThrow(/could not install nobody/);
    const plan = root.host.ask({ ask: 'package-plan', install: ['nobody'], remove: [] });
    await expect(plan).rejects.toThrow(/Unable to find a match/);
  });

  it('takes packages from a repository of ours, and none that its key did not sign', async () => {
    root.sh('mkdir -p /etc/pki/rpm-gpg; mv /etc/yum.repos.d/local.repo /srv');
    const tree = (): string => root.sh('find /etc/yum.repos.d /etc/pki -type f -exec sha256sum {} +');
    const before = tree();
    const ours = step({
      summary: 'A repository',
      on: 'hosts',
      undo: restore,
      resources: () => ({ ...dnfRepository({ name: 'ours', uri: 'file:///srv/repository', key: 'no key' }) }),
    });
    const world = new World({ 'demo/10_ours': ours }, { host: root.host as never });
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
    expect(root.sh('dnf -q repolist 2>/dev/null')).toMatch(/^ours +ours$/m);
    const write = type.write({ id, want: {}, live: null, options: {} }, root.host);
    await expect(write).rejects.toMatchObject({ code: 'operation-failed' });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(tree()).toBe(before);
  });
});
