import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { explainView } from '../../src/report/views/explain-view.ts';
import { failureView } from '../../src/report/views/failure-view.ts';
import { historyView } from '../../src/report/views/history-view.ts';
import { inventoryView } from '../../src/report/views/inventory-view.ts';
import { problemsView } from '../../src/report/views/problems-view.ts';
import { statusView } from '../../src/report/views/status-view.ts';
import { verifyView } from '../../src/report/views/verify-view.ts';
import { failedEnd } from './sample.ts';

const now = new Date('2026-11-21T00:16:00Z');

test('a failure page starts with the cause and ends with what to type', () => {
  const page = failureView(failedEnd, {
    color: false,
    command: 'up',
    playbook: 'playbooks/devpi.yaml',
    ms: 14_000,
    isLogged: true,
  });
  expect(`\n${page}\n`).toBe(`
✘ 70_deploy_devpi failed after 14 s

  The image registry.infra:5000/devpi:nope does not exist.
    Pod devpi/devpi-0 · container devpi · ErrImagePull
    "manifest unknown: manifest tagged by nope is not found"
    set at inventory/local/group_vars/all.yaml:31

  This run changed   Secret devpi/devpi-admin (created), StatefulSet devpi/devpi (updated)
  Not reached        80_ingress, 85_cli_setup, 86_shell_config
  Full log           cairn history 7f3a --log

  Fix it, then   cairn up --run 7f3a
  or take back   cairn undo playbooks/devpi.yaml --run 7f3a
`);
});

test('a failure that changed nothing offers no way back', () => {
  const page = failureView(
    { ...failedEnd, changed: [] },
    { color: false, command: 'up', playbook: 'p.yaml', isLogged: false },
  );
  expect(page).toContain('  This run changed   nothing');
  expect(page).not.toMatch(/undo|Full log/);
});

test('offered commands repeat the inventory, and the selection where it matters', () => {
  const again = { inventory: ' -i inventory/example', selection: ' --only devpi/40' };
  const page = (code: 1 | 4) =>
    failureView({ ...failedEnd, code }, { color: false, command: 'up', playbook: 'p.yaml', isLogged: true, again });
  expect(page(1)).toContain('cairn up --run 7f3a -i inventory/example\n');
  expect(page(1)).toContain('cairn undo p.yaml --run 7f3a -i inventory/example');
  expect(page(4)).toContain('cairn up p.yaml --only devpi/40 -i inventory/example');
});

test('a world that moved sends the user back to the plan', () => {
  const page = failureView(
    { ...failedEnd, code: 5 },
    { color: false, command: 'up', playbook: 'p.yaml', isLogged: false },
  );
  expect(page.split('\n')[0]).toBe('✘ the world changed while the run was on its way');
  expect(page.split('\n').at(-1)).toBe('  Look again   cairn plan p.yaml');
});

const problems: readonly Diagnostic[] = [
  {
    severity: 'error',
    code: 'secret-missing',
    summary: 'secret env:DEVPI_ADMIN_PASSWORD is not set',
    help: 'export DEVPI_ADMIN_PASSWORD, or point the secret elsewhere',
    source: { file: '/site/inventory/local/hosts.yaml', line: 22, column: 13 },
  },
  {
    severity: 'error',
    code: 'wrong-type',
    summary: 'devpi.port must be an integer, is "80a"',
    source: { file: '/site/inventory/local/group_vars/all.yaml', line: 19, column: 9 },
  },
  {
    severity: 'error',
    code: 'unknown-key',
    summary: 'unknown key "dashbord_host"',
    help: 'did you mean "dashboard_host"?  (roles/devpi/index.ts)',
    source: { file: '/site/inventory/local/group_vars/all.yaml', line: 12, column: 3 },
  },
];

test('input problems come all at once, by file and line', () => {
  expect(`\n${problemsView(problems, { color: false, root: '/site' })}\n`).toBe(`
inventory/local/group_vars/all.yaml:12:3  unknown key "dashbord_host"
    did you mean "dashboard_host"?  (roles/devpi/index.ts)
inventory/local/group_vars/all.yaml:19:9  devpi.port must be an integer, is "80a"
inventory/local/hosts.yaml:22:13  secret env:DEVPI_ADMIN_PASSWORD is not set
    export DEVPI_ADMIN_PASSWORD, or point the secret elsewhere
3 problems, nothing was touched.
`);
});

test('warnings alone are counted as such', () => {
  const [first] = problems;
  const text = problemsView(first ? [{ ...first, severity: 'warning' }] : [], { color: false });
  expect(text.split('\n').at(-1)).toBe('1 warning.');
});

const where = { step: 'devpi/80_ingress', target: 'kind-cairn', type: 'check-finished' } as const;

test('verify shows each claim with its time, and what was seen when it is false', () => {
  const text = verifyView(
    [
      { ...where, what: 'an anonymous visitor is sent to the login page of realm cairn', result: 'passed', ms: 200 },
      { ...where, what: 'an anonymous visitor never sees the dashboard', result: 'passed', ms: 100 },
      {
        ...where,
        what: 'the API host answers pip without a login',
        result: 'failed',
        ms: 5000,
        why: [
          {
            severity: 'error',
            code: 'http',
            summary:
              'GET https://devpi-api.cairn.localhost/root/prod/+simple/  →  302 to https://auth.cairn.localhost/…',
            detail: ['expected 200: the API host must not stand behind OAuth2 Proxy'],
          },
        ],
      },
    ],
    { color: false },
  );
  expect(`\n${text}\n`).toBe(`
80_ingress
  ✔ an anonymous visitor is sent to the login page of realm cairn        0.2 s
  ✔ an anonymous visitor never sees the dashboard                        0.1 s
  ✘ the API host answers pip without a login                             5.0 s
      GET https://devpi-api.cairn.localhost/root/prod/+simple/  →  302 to https://auth.cairn.localhost/…
      expected 200: the API host must not stand behind OAuth2 Proxy
`);
});

test('explain shows a value, where it was set, what it overrode and whom it reaches', () => {
  const text = explainView(
    [
      {
        key: 'devpi.image.tag',
        target: 'kind-cairn',
        layers: [
          { layer: 'default', shown: '"latest"', source: { file: 'roles/devpi/defaults.yaml', line: 9, column: 5 } },
          {
            layer: 'group',
            shown: '"6.14.0"',
            source: { file: 'inventory/local/group_vars/all.yaml', line: 31, column: 5 },
          },
        ],
        reaches: ['devpi/60_build', 'devpi/70_deploy'],
      },
    ],
    { color: false },
  );
  expect(`\n${text}\n`).toBe(`
devpi.image.tag = "6.14.0"
  inventory/local/group_vars/all.yaml:31
  overrides "latest" from roles/devpi/defaults.yaml:9
  reaches   devpi/60_build · devpi/70_deploy
`);
});

test('history shows the newest run first, and how to go on with one that never ended', () => {
  const runs = [
    {
      run: '12ab',
      command: 'up',
      playbook: 'playbooks/devpi.yaml',
      at: '2026-11-20T00:00:00Z',
      end: { code: 0, ms: 72_000 },
      counts: { created: 2 },
    },
    { run: '7f3a', command: 'up', playbook: 'playbooks/devpi.yaml', at: '2026-11-21T00:12:00Z', counts: {} },
  ] as const;
  expect(`\n${historyView(runs, { color: false, now })}\n`).toBe(`
7f3a  4 min ago         up playbooks/devpi.yaml  never ended; go on with  cairn up --run 7f3a
12ab  2026-11-20 00:00  up playbooks/devpi.yaml  2 created in 1 min 12 s
`);
});

test('status says what stands on a target and who works there', () => {
  const text = statusView(
    [
      {
        target: 'kind-cairn',
        last: { run: '7f3a', command: 'up', playbook: 'playbooks/devpi.yaml', at: '2026-11-21T00:12:00Z', code: 0 },
        standing: 23,
        baseline: { run: '12ab', at: '2026-11-20T00:00:00Z' },
        holder: { run: '9c01', host: 'build-1', pid: 4711, doing: 'cairn up playbooks/devpi.yaml' },
      },
    ],
    { color: false, now },
  );
  expect(`\n${text}\n`).toBe(`
kind-cairn
  last run       7f3a  up playbooks/devpi.yaml, 4 min ago, converged
  to take back   23 resources, since run 12ab (2026-11-20 00:00)
  held by        cairn up playbooks/devpi.yaml (pid 4711 on build-1)
`);
});

test('an inventory shows its clusters, its groups and their hosts', () => {
  const text = inventoryView(
    {
      name: 'inventory/local',
      clusters: [
        { name: 'cairn', context: 'kind-cairn', kubeconfig: 'state/kubeconfig', providedBy: 'kind/40_cluster' },
      ],
      groups: [
        { name: 'all', hosts: ['localhost'] },
        { name: 'spare', hosts: [] },
      ],
    },
    { color: false },
  );
  expect(`\n${text}\n`).toBe(`
inventory/local
  clusters
    cairn   context kind-cairn in state/kubeconfig, made by kind/40_cluster
  groups
    all     localhost
    spare   no hosts
`);
});
