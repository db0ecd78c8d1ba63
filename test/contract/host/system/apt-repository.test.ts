import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aptRepository } from '../../../../src/resources/host/packages/apt-repository.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { type SystemWorld, systems } from './worlds.ts';

const path = '/etc/apt/sources.list.d/ours.sources';
const home = mkdtempSync(join(tmpdir(), 'cairn-gpg-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function gpg(input: string, ...args: readonly string[]): string {
  return execFileSync('gpg', ['--homedir', home, '--batch', '-q', ...args], { input, encoding: 'utf8' });
}

// An empty flat repository, signed by a key made for it.
function signed(): { readonly key: string; readonly release: string } {
  gpg('', '--passphrase', '', '--quick-gen-key', 'ours@example', 'ed25519', 'sign', 'never');
  const sum = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const release = `Origin: ours\nDate: ${new Date().toUTCString().replace('GMT', 'UTC')}\nSHA256:\n ${sum} 0 Packages\n`;
  return { key: gpg('', '--armor', '--export', 'ours@example'), release: gpg(release, '--clearsign') };
}

const type = typeOf(aptRepository);
const hasGpg = spawnSync('gpg', ['--version']).status === 0;
const { key, release } = hasGpg ? signed() : { key: 'a key', release: '' };
const want = { uri: 'file:/srv/ours', suites: ['./'], key };

async function withRepository(open: () => Promise<SystemWorld>): Promise<SystemWorld> {
  const world = await open();
  world.fake?.files.makeDirectories('/etc/apt/sources.list.d');
  world.sh(`mkdir /srv/ours; : >/srv/ours/Packages; cat >/srv/ours/InRelease <<'EOF'\n${release}EOF`);
  return world;
}

if (!hasGpg) it.skip('an apt repository on a Debian of its own: needs gpg');

for (const [where, open] of Object.entries(systems).filter(([name]) => hasGpg || name === 'a fake host')) {
  contractSuite({
    name: `apt repository on ${where}`,
    type,
    open: async () => await withRepository(open),
    id: () => ({ name: 'ours' }),
    want,
    drifts: {
      uri: async (world) => world.edit(path, (text) => text.replace('file:/srv/ours', 'file:/srv/theirs')),
      key: async (world) =>
        world.edit(path, (text) => text.replace(/^Signed-By:\n( .*\n)+/m, 'Signed-By: /etc/x.gpg\n')),
    },
    older: async (world) => {
      world.put(path, '# by hand\nTypes: deb\nURIs: file:/srv/ours\nSuites: ./\nTrusted: yes\n');
    },
    snapshot: async (world) => world.text(path),
  });

  describe(`an apt repository on ${where}`, () => {
    it('without a key is refused', async () => {
      const world = await withRepository(open);
      const write = type.write(
        { id: { name: 'ours' }, want: { uri: want.uri, suites: want.suites }, live: null, options: {} },
        world.writer,
      );
      await expect(write).rejects.toMatchObject({ code: 'repository-incomplete' });
      await world.close();
    });
  });
}

it.runIf(hasGpg && 'a Debian of its own' in systems)(
  'an apt repository that another key signed is not believed',
  async () => {
    const world = await withRepository(systems['a Debian of its own'] as () => Promise<SystemWorld>);
    gpg('', '--passphrase', '', '--quick-gen-key', 'theirs@example', 'ed25519', 'sign', 'never');
    const other = gpg('', '--armor', '--export', 'theirs@example');
    const write = type.write(
      { id: { name: 'ours' }, want: { ...want, key: other }, live: null, options: {} },
      world.writer,
    );
    await expect(write).rejects.toMatchObject({ code: 'operation-failed' });
    await world.close();
  },
);
