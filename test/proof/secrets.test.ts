import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revealText } from '../../src/model/secret.ts';
import {
  canary,
  filesWithSecrets,
  isMeant,
  needles,
  openSecretWorld,
  type SecretWorld,
  source,
} from '../cli/secret-world.ts';
import { root } from '../e2e/rig.ts';
import { type GitHost, startGitHost } from '../rig/git-host.ts';
import { type Sighting, type Watched, watchProcesses } from '../rig/process-watch.ts';
import { buildPrograms, rigTimeout } from '../rig/programs.ts';
import { whyNoSshd } from '../rig/sshd.ts';
import { startTokenSite, type TokenSite } from '../rig/token-site.ts';
import { toolsWith } from '../rig/tools.ts';
import { type SecretKind, secretKinds, stepOf } from './secret-kinds.ts';
import { type SecretRow, secretsPage } from './secrets-page.ts';

const why = whyNoSshd();
const outcomes = ['succeeds', 'fails'] as const;
/** What the failure page says, so that each fails where it has its secret in its hands. */
const causes = {
  disk: /No space left/,
  lock: /lock/,
  status: /status 9|exit.* 9/,
  server: /40[13]|Authentication failed/,
};

describe.skipIf(why !== null)(why ?? 'a secret', () => {
  let world: SecretWorld;
  let site: TokenSite;
  let gits: GitHost;
  const rows: SecretRow[] = [];
  beforeAll(async () => {
    [world, site, gits] = await Promise.all([openSecretWorld(), startTokenSite(canary), startGitHost()]);
    await buildPrograms('helm');
  }, rigTimeout);
  afterAll(async () => {
    site?.stop();
    await Promise.all([world?.close(), gits?.stop()]);
  });

  /** Notes what was seen, and gives back what should not have been there. */
  function note(type: string, outcome: string, seen: Watched<unknown>, variable = ''): readonly Sighting[] {
    const meant = seen.sightings.filter((one) => isMeant(one, variable));
    const wrong = seen.sightings.filter((one) => !isMeant(one, variable));
    const names = new Set(meant.map(({ word }) => word.split('=')[0] ?? '').filter((name) => name === variable));
    const { processes, rounds, ms } = seen;
    rows.push({ type, outcome, processes, rounds, ms, wrong: wrong.length, meant: [...names] });
    return wrong;
  }

  function fail({ fails }: SecretKind, folder: string): void {
    if (fails === 'lock') world.run('sh', '-c', 'echo 1 >/etc/shadow.lock');
    if (fails !== 'disk') return;
    world.run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', folder);
    world.run('sh', '-c', 'cat /dev/zero >"$1/fill" 2>/dev/null || true', 'sh', folder);
  }

  describe.each(secretKinds.map((kind) => [kind.name, kind] as const))('of %s', (name, kind) => {
    it.each(outcomes)('is in no argument, no environment and no file that remains when it %s', async (outcome) => {
      const isFailing = outcome === 'fails';
      const { root: folder, cairn } = world.project(stepOf(kind), {
        status: isFailing ? '9' : '0',
        site: isFailing ? site.refusing : site.url,
      });
      if (isFailing) fail(kind, join(folder, 'world'));
      const seen = await watchProcesses(needles, async () => {
        const up = await cairn(['up', 'playbooks/secrets.yaml', '--yes', '--accept-new-host-keys', '-v'], source);
        if (kind.fails === 'lock') world.run('rm', '-f', '/etc/shadow.lock');
        const undo = await cairn(['undo', 'playbooks/secrets.yaml', '--yes', '-v'], source);
        return { up, undo };
      });
      const wrong = note(name, outcome, seen, kind.variable);
      const { up, undo } = seen.result;
      const said = [up.stdout, up.stderr, undo.stdout, undo.stderr].join('\n');
      expect([up.code, undo.code], said).toEqual([isFailing ? 1 : 0, 0]);
      if (isFailing) expect(up.stdout + up.stderr).toMatch(causes[kind.fails]);
      expect(wrong).toEqual([]);
      expect(needles.filter((needle) => said.includes(needle))).toEqual([]);
      expect(filesWithSecrets([join(folder, 'home'), '/var/tmp', '/dev/shm', '/run'])).toEqual([]);
    });
  });

  it.each(outcomes)('of git.contents is in no argument and no environment when it %s', async (outcome) => {
    const name = `${outcome}.git`;
    const remote = await gits.create(name);
    await gits.push(name, { 'README.md': 'hello\n' });
    const [, , line = ''] = revealText(remote.key).split('\n');
    const change = { branch: 'main', paths: ['a'], expected: {}, files: { a: { text: 'a\n' } }, message: 'Set a' };
    const url = outcome === 'fails' ? `${remote.url}-of-nobody` : remote.url;
    const seen = await watchProcesses([line, btoa(line)], async () =>
      gits
        .client()
        .commit({ ...remote, url }, change)
        .then(
          () => 'succeeds',
          () => 'fails',
        ),
    );
    const wrong = note('git.contents, key', outcome, seen);
    expect(seen.result).toBe(outcome);
    expect(wrong).toEqual([]);
  });

  it.each(outcomes)('of a chart is in no argument and no environment when it %s', async (outcome) => {
    const chart = join(root, 'test/charts/shop');
    const stdin = JSON.stringify({ password: canary }).slice(0, outcome === 'fails' ? -1 : undefined);
    const login = JSON.stringify({ auths: { 'registry.example': { auth: btoa(`ci:${canary}`) } } });
    const call = { program: 'helm', argv: ['template', 'web', chart, '--values', '-'], stdin };
    const seen = await watchProcesses(needles, async () =>
      toolsWith(undefined)
        .render({ ...call, secretFile: { option: '--registry-config', text: login } })
        .then(
          () => 'succeeds',
          () => 'fails',
        ),
    );
    const wrong = note('k8s.helmRelease, values and login', outcome, seen);
    expect(seen.result).toBe(outcome);
    expect(wrong).toEqual([]);
  });

  it('writes its page', () => {
    writeFileSync(join(root, 'docs/proof/secrets.md'), secretsPage(rows));
    expect(rows.length).toBe(2 * (secretKinds.length + 2));
  });
});
