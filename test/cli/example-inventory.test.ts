import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../structure/sources.ts';
import { type Ran, run } from './rig.ts';

const home = mkdtempSync(join(tmpdir(), 'cairn-example-'));
afterAll(() => rmSync(home, { recursive: true }));

const secrets = {
  DEVPI_ADMIN_PASSWORD: 'a-long-password',
  KEYCLOAK_ADMIN_PASSWORD: 'another-password',
  GITHUB_TOKEN: 'a-token-of-nobody',
  HARBOR_PASSWORD: 'a-third-password',
};

function cairn(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folders = { HOME: home, XDG_STATE_HOME: join(home, 'state'), XDG_CACHE_HOME: join(home, 'cache') };
  return run(root, [...words, '-i', 'inventory/example'], { PATH: process.env.PATH ?? '', ...folders, ...env });
}

test('the example of a site is whole, but for its secrets', async () => {
  const without = await cairn(['lint', 'playbooks/devpi.yaml']);
  expect(without.code).toBe(2);
  for (const name of Object.keys(secrets)) expect(without.stdout).toContain(`env:${name} is not set`);
  const { code, stdout } = await cairn(['lint', 'playbooks/devpi.yaml'], secrets);
  expect(code, stdout).toBe(0);
});

test('a plan for it names each thing that it cannot reach, and what to do about it', async () => {
  const { code, stdout, stderr } = await cairn(['plan', 'playbooks/devpi.yaml'], secrets);
  expect(code).toBe(2);
  const runs = 'see whether it runs, and whether';
  const found = [
    'kubernetes.example.com:6443 does not answer',
    'inventory/example/kubeconfig.yaml still fits it',
    'https://sso.example.com gives no answer',
    `sso is the Keycloak of endpoints.yaml of the inventory: ${runs} its url is right`,
    'https://harbor.example.com gives no answer',
    `images is the Harbor of endpoints.yaml of the inventory: ${runs} its url is right`,
    "build1.example.com port 22 can't be reached by SSH",
    'look at ansible_host, ansible_port and ~/.ssh/config, and whether sshd runs there',
    '5 problems, nothing was touched.',
  ];
  for (const line of found) expect(stderr).toContain(line);
  // where the Internet is in reach, GitHub itself refuses that token
  expect(stderr).toMatch(/https:\/\/api\.github\.com gives no answer|hub doesn't let us in: 401/);
  expect(stderr).toMatch(/hub is the GitHub of endpoints\.yaml|look at token in endpoints\.yaml/);
  for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret);
});

test('what a step does not use may be out of reach', async () => {
  const one = ['--only', 'platform/30', '--set', 'gateway.hosts=["shop.example.com"]'];
  const { code, stdout, stderr } = await cairn(['plan', 'playbooks/platform.yaml', ...one], secrets);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('+ hosts entry shop.example.com');
});
