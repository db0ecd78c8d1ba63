import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchProcesses } from '../rig/process-watch.ts';
import { whyNoSshd } from '../rig/sshd.ts';
import {
  canary,
  filesWithSecrets,
  isMeant,
  needles,
  openSecretWorld,
  type SecretWorld,
  source,
} from './secret-world.ts';

const why = whyNoSshd();

// Types that take a secret, all in one run; `npm run proof` has each by itself.
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

describe.skipIf(why !== null)(why ?? 'secrets, while a run is on its way to a real sshd', () => {
  let world: SecretWorld;
  beforeAll(async () => {
    world = await openSecretWorld();
  });
  afterAll(async () => await world?.close());

  it.each([
    ['succeeds', '0'],
    ['fails', '9'],
  ])(
    'are in no argument and no environment of any process when it %s, nor on any screen',
    async (how, status) => {
      const { root, cairn } = world.project(step, { status });
      const { result, sightings } = await watchProcesses(needles, async () => {
        const up = await cairn(['up', 'playbooks/secrets.yaml', '--yes', '--accept-new-host-keys', '-v'], source);
        const undo = await cairn(['undo', 'playbooks/secrets.yaml', '--yes', '-v'], source);
        return { up, undo };
      });
      expect([result.up.code, result.undo.code], result.up.stdout + result.undo.stdout + result.undo.stderr).toEqual([
        how === 'fails' ? 1 : 0,
        0,
      ]);
      expect(sightings.filter((sighting) => !isMeant(sighting, 'TOKEN'))).toEqual([]);
      expect(
        sightings.some(({ word }) => word === `TOKEN=${canary}`),
        'the command had its variable',
      ).toBe(true);
      const said = Object.values(result).flatMap(({ stdout, stderr }) => [stdout, stderr]);
      expect(said.filter((text) => needles.some((needle) => text.includes(needle)))).toEqual([]);
      expect(filesWithSecrets([join(root, 'home'), '/var/tmp', '/dev/shm', '/run'])).toEqual([]);
    },
    120_000,
  );

  it('would be seen, if they were there', async () => {
    const { sightings } = await watchProcesses(needles, async () => {
      await once(spawn('sh', ['-c', 'sleep 0.3', canary], { stdio: 'ignore' }), 'close');
      const env = { OF: canary, PATH: process.env.PATH };
      await once(spawn('sh', ['-c', 'sleep 0.3 & wait'], { env, stdio: 'ignore' }), 'close');
    });
    expect(new Set(sightings.map(({ where }) => where))).toEqual(new Set(['cmdline', 'environ']));
    expect(sightings.some(({ where, program }) => where === 'environ' && program === 'sleep')).toBe(true);
  });
});
