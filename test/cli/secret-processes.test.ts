import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BecomeWorld, openBecomeWorld } from '../rig/become/world.ts';
import { type Sighting, watchProcesses } from '../rig/process-watch.ts';
import { type Sshd, startSshd, whyNoSshd } from '../rig/sshd.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const why = whyNoSshd();
const canary = 'canary-7b1e90-of-all-types';
// Its own: what another test may not see anywhere stands in an environment here.
const password = 'staple of the battery';
const hash = '$6$canary5f$3pIdsJNCB0u7LSDFZxEvXUrUxYEDkFCT7dn2yTu4OYkTS7C3WRhKjwh1Rr0nJ8Ea1nDvY0jFq9xUdyVTqJ2aB1';
const needles = [canary, password, hash, ...[canary, password, hash].map((text) => btoa(text).replace(/=+$/, ''))];

// Every type that takes a secret, each as often as it takes one.
const step = `
import { host, restore, secret, step, T, text } from '@cairnhq/cairn';

export default step({
  summary: 'Secrets by every way that there is',
  on: 'hosts',
  vars: T.Object({ folder: T.String(), token: secret(), hash: secret(), status: T.String() }),
  resources: ({ vars: { folder, token, hash, status } }) => {
    const at = (name: string): string => folder + '/' + name;
    const slow = 'read -r line; sleep 0.2; printf %s "$line" >"$1/$2"; sleep 0.1; exit "$3"';
    return {
      file: host.file({ path: at('file'), content: text\`token=\${token}\`, mode: '0600', validate: ['grep', '-q', 'token', '%s'] }),
      line: host.line({ path: at('line'), match: '^token', line: text\`token=\${token}\` }),
      block: host.block({ path: at('block'), name: 'ours', content: text\`token \${token}\` }),
      ini: host.iniValue({ path: at('ini'), at: ['a', 'token'], value: token }),
      json: host.jsonValue({ path: at('json'), at: ['token'], value: token }),
      yaml: host.yamlValue({ path: at('yaml'), at: ['token'], value: token }),
      toml: host.tomlValue({ path: at('toml'), at: ['token'], value: token }),
      user: host.user({ name: 'canary', passwordHash: hash, createHome: false }),
      script: host.script({ id: 'script', creates: at('script'), content: text\`# \${token}\\ntouch \${at('script')}\` }).keep('a try'),
      stdin: host.command({ id: 'stdin', creates: at('stdin'), argv: ['sh', '-c', slow, 'sh', folder, 'stdin', '0'], stdin: token }).keep('a try'),
      env: host.command({
        id: 'env', creates: at('env'), env: { TOKEN: token },
        argv: ['sh', '-c', 'sleep 0.2; touch "$1"; exit "$2"', 'sh', at('env'), status],
      }).keep('a try'),
    };
  },
  undo: restore,
});
`;

// Not into other file systems: the machines of other tests have a /proc there, which has no end.
function filesWith(texts: readonly string[], folders: readonly string[]): readonly string[] {
  const words = ['-lsaF', ...texts.flatMap((text) => ['-e', text])];
  const search = [...folders, '-xdev', '-type', 'f', '-exec', 'grep', ...words, '{}', '+'];
  return spawnSync('find', search, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
}

describe.skipIf(why !== null)(why ?? 'secrets, while a run is on its way to a real sshd', () => {
  let world: BecomeWorld;
  let server: Sshd;
  beforeAll(async () => {
    world = openBecomeWorld(password);
    const [program, ...words] = world.inside;
    execFileSync(program ?? '', [...words, 'mkdir', '-p', '/run/sshd']);
    world.put('/etc/sudoers', 'Defaults secure_path=/usr/sbin:/usr/bin:/sbin:/bin\nalice ALL=(ALL) ALL\n', 0o440);
    server = await startSshd(['PasswordAuthentication yes'], world.inside);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    world?.close();
  });

  function project(status: string): Checkout {
    const reach = [
      `ansible_host: 127.0.0.1`,
      `ansible_port: ${server.port}`,
      'ansible_user: alice',
      'ansible_password: !secret file:private/password',
      'ansible_become: true',
      'ansible_become_password: !secret file:private/password',
      'token: !secret env:SOURCE_OF_TOKEN',
      'hash: !secret file:private/hash',
      '',
    ];
    const checkout = checkoutOf('shop', [
      ['steps/secrets/10_secrets.ts', step],
      [
        'playbooks/secrets.yaml',
        `components: [{ component: secrets, hosts: web, vars: { folder: '{{root}}/world', status: '${status}' } }]\n`,
      ],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: {} } } } }\n'],
      ['inventory/local/group_vars/all.yaml', reach.join('\n')],
    ]);
    for (const name of ['private', 'world']) mkdirSync(join(checkout.root, name));
    mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
    for (const [name, content] of Object.entries({ password, hash })) {
      writeFileSync(join(checkout.root, 'private', name), content, { mode: 0o600 });
    }
    return checkout;
  }

  // Where a secret may be: the variable that it came by, of Cairn alone, and the one that the command of the user is given.
  const isMeant = ({ where, word, program }: Sighting): boolean =>
    where === 'environ' &&
    (word === `TOKEN=${canary}` || (word === `SOURCE_OF_TOKEN=${canary}` && /^(node|MainThread|cairn)/.test(program)));

  it.each([
    ['succeeds', '0'],
    ['fails', '9'],
  ])(
    'are in no argument and no environment of any process when it %s, nor on any screen',
    async (how, status) => {
      const { root, cairn } = project(status);
      const env = { SOURCE_OF_TOKEN: canary };
      const { result, sightings } = await watchProcesses(needles, async () => {
        const up = await cairn(['up', 'playbooks/secrets.yaml', '--yes', '--accept-new-host-keys', '-v'], env);
        const undo = await cairn(['undo', 'playbooks/secrets.yaml', '--yes', '-v'], env);
        return { up, undo };
      });
      expect([result.up.code, result.undo.code], result.up.stdout + result.undo.stdout + result.undo.stderr).toEqual([
        how === 'fails' ? 1 : 0,
        0,
      ]);
      expect(sightings.filter((sighting) => !isMeant(sighting))).toEqual([]);
      expect(
        sightings.some(({ word }) => word === `TOKEN=${canary}`),
        'the command had its variable',
      ).toBe(true);
      const said = Object.values(result).flatMap(({ stdout, stderr }) => [stdout, stderr]);
      expect(said.filter((text) => needles.some((needle) => text.includes(needle)))).toEqual([]);
      const kept = filesWith(needles, [join(root, 'home'), '/var/tmp', '/dev/shm', '/run']);
      expect(kept).toEqual([]);
    },
    120_000,
  );

  it('would be seen, if they were there', async () => {
    const { sightings } = await watchProcesses(needles, async () => {
      await once(spawn('sh', ['-c', 'sleep 0.3', canary], { stdio: 'ignore' }), 'close');
      await once(spawn('sleep', ['0.3'], { env: { OF: password, PATH: process.env.PATH }, stdio: 'ignore' }), 'close');
    });
    expect(new Set(sightings.map(({ where }) => where))).toEqual(new Set(['cmdline', 'environ']));
  });
});
