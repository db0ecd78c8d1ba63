import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../structure/sources.ts';
import { type Ran, run } from './rig.ts';

const home = mkdtempSync(join(tmpdir(), 'cairn-example-'));
afterAll(() => rmSync(home, { recursive: true }));

const secrets = { DEVPI_ADMIN_PASSWORD: 'a-long-password', KEYCLOAK_ADMIN_PASSWORD: 'another-password' };

function cairn(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folders = { HOME: home, XDG_STATE_HOME: join(home, 'state'), XDG_CACHE_HOME: join(home, 'cache') };
  return run(root, [...words, '-i', 'inventory/example'], { PATH: process.env.PATH ?? '', ...folders, ...env });
}

test('the example of a site is whole, but for its secrets', async () => {
  const without = await cairn(['lint', 'playbooks/devpi.yaml']);
  expect(without.code).toBe(2);
  expect(without.stdout).toContain('env:DEVPI_ADMIN_PASSWORD is not set');
  const { code, stdout } = await cairn(['lint', 'playbooks/devpi.yaml'], secrets);
  expect(code, stdout).toBe(0);
});

test('a plan for it names each thing that it cannot reach', async () => {
  const { code, stderr } = await cairn(['plan', 'playbooks/devpi.yaml'], secrets);
  expect(code).toBe(2);
  expect(stderr).toContain('https://kubernetes.example.com:6443 does not answer');
  expect(stderr).toContain('https://sso.example.com gives no answer');
  expect(stderr).toContain("build1.example.com port 22 can't be reached by SSH");
  expect(stderr).toContain('3 problems, nothing was touched.');
});

test('what a step does not use may be out of reach', async () => {
  const one = ['--only', 'platform/30', '--set', 'gateway.hosts=["shop.example.com"]'];
  const { code, stdout, stderr } = await cairn(['plan', 'playbooks/platform.yaml', ...one], secrets);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('+ hosts entry shop.example.com');
});
