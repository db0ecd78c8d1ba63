import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FakeGithub } from '../../src/connect/fake/github.ts';
import { FakeHarbor } from '../../src/connect/fake/harbor.ts';
import { reveal } from '../../src/model/secret.ts';
import { serve } from '../rig/serve.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const secrets = { HOOK: 'Hook-canary-battery-1', ROBOT: 'Robot-canary-battery-1' };

const step = `import { github, harbor, restore, secret, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'What the shop has elsewhere',
  on: 'hosts',
  vars: T.Object({ hook: secret(), robot: secret() }),
  undo: restore,
  resources({ vars }) {
    const project = harbor.project({ name: 'shop' });
    return {
      hook: github.webhook({ repository: 'acme/shop', url: 'https://ci.test/push', secret: vars.hook }),
      project,
      robot: harbor.robotAccount(
        { project: 'shop', name: 'ci', permissions: ['repository:pull'], secret: vars.robot },
        { after: [project] },
      ),
    };
  },
});
`;

function projectAt(hub: string, images: string): Checkout {
  const checkout = checkoutOf('shop', [
    ['steps/outside/10_services.ts', step],
    [
      'playbooks/outside.yaml',
      'components: [{ component: outside, hosts: localhost, endpoints: { github: hub, harbor: images } }]\n',
    ],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
    ['inventory/local/group_vars/all.yaml', 'hook: !secret env:HOOK\nrobot: !secret env:ROBOT\n'],
    [
      'inventory/local/endpoints.yaml',
      `endpoints:
  hub: { type: github, url: '${hub}', token: !secret env:TOKEN }
  images: { type: harbor, url: '${images}', user: admin, password: !secret env:ADMIN }
`,
    ],
  ]);
  for (const other of ['shop', 'machine']) rmSync(join(checkout.root, `playbooks/${other}.yaml`));
  return checkout;
}

// Milliseconds: the program starts four times.
const patience = 120_000;

test(
  'GitHub and Harbor are made, found unchanged and taken back by the program itself, which keeps no secret',
  async () => {
    const [hub, images] = [new FakeGithub(['acme/shop']), new FakeHarbor()];
    const doors = await Promise.all([serve(hub), serve(images)]);
    onTestFinished(async () => void (await Promise.all(doors.map((door) => door.stop()))));
    const { root, cairn } = projectAt(doors[0].url, doors[1].url);
    const env = { ...secrets, TOKEN: reveal(hub.token), ADMIN: reveal(images.password) };
    const before = [hub.snapshot(), images.snapshot()];

    const up = await cairn(['up', 'playbooks/outside.yaml', '--json'], env);
    expect(up, up.stdout).toMatchObject({ code: 0, stderr: '' });
    expect([...hub.secrets.values()]).toEqual([secrets.HOOK]);
    const writes = hub.writes + images.writes;
    const again = await cairn(['plan', 'playbooks/outside.yaml', '--exit-code'], env);
    expect(again, again.stdout).toMatchObject({ code: 0 });
    expect(hub.writes + images.writes).toBe(writes);

    const rotated = await cairn(['up', 'playbooks/outside.yaml'], { ...env, HOOK: 'Another-canary-2' });
    expect(rotated.stdout).toContain('Webhook acme/shop to https://ci.test/push');
    expect([...hub.secrets.values()]).toEqual(['Another-canary-2']);
    expect(hub.writes + images.writes).toBe(writes + 1);

    const undo = await cairn(['undo', 'playbooks/outside.yaml', '--yes'], env);
    expect(undo, undo.stdout).toMatchObject({ code: 0 });
    expect([hub.snapshot(), images.snapshot()]).toEqual(before);

    const said = [up, again, rotated, undo].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const kept = filesBeneath(join(root, 'home')).map((file) => readFileSync(file, 'utf8'));
    expect(kept.length).toBeGreaterThan(0);
    for (const secret of [...Object.values(env), 'Another-canary-2'])
      expect([...said, ...kept].filter((text) => text.includes(secret))).toEqual([]);
  },
  patience,
);

test('a plan names each service that gives no answer or lets nobody in', async () => {
  const images = new FakeHarbor();
  const door = await serve(images);
  onTestFinished(() => door.stop());
  const { cairn } = projectAt('http://127.0.0.1:9', door.url);
  const env = { ...secrets, TOKEN: 'a-token-canary', ADMIN: 'a-wrong-password' };
  const { code, stderr } = await cairn(['plan', 'playbooks/outside.yaml'], env);
  expect(code).toBe(2);
  expect(stderr).toContain('http://127.0.0.1:9 gives no answer');
  expect(stderr).toContain("images doesn't let us in: 401 UNAUTHORIZED");
  expect(stderr).toContain('look at user and password in endpoints.yaml of the inventory');
  expect(stderr).not.toMatch(/a-token-canary|a-wrong-password/);
});

function filesBeneath(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
