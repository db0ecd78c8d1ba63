import type { Event } from '../../src/model/event.ts';
import type { Plan, PlannedChange, Verb } from '../../src/model/plan.ts';
import type { FieldChange } from '../../src/model/resource.ts';

/** A planned change with the fields that don't matter filled in. */
export function change(verb: Verb, title: string, more: Partial<PlannedChange> = {}): PlannedChange {
  return {
    name: title,
    type: 'object',
    address: title.replace(' ', '/'),
    title,
    target: 'kind-cairn',
    verb,
    certainty: verb === 'undecided' ? 'undecided' : 'exact',
    fields: [],
    foreign: [],
    loss: { is: 'none' },
    ...more,
  };
}

export function field(path: string, more: Partial<FieldChange> = {}): FieldChange {
  return { path, how: 'update', secret: false, ...more };
}

export function plan(steps: Readonly<Record<string, readonly PlannedChange[]>>, more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    command: 'up',
    playbook: 'playbooks/devpi.yaml',
    inventory: 'inventory/local',
    targets: ['kind-cairn'],
    steps: Object.entries(steps).map(([id, changes]) => ({ id, summary: id, target: 'kind-cairn', changes })),
    readMs: 600,
    ...more,
  };
}

/** The plan of SCREENS: two steps change, one is undecided, the rest stands. */
export function samplePlan(): Plan {
  const quiet = Object.fromEntries(
    ['10', '20', '45', '60', '70', '80', '85', '86'].map((number) => [`devpi/${number}_step`, []]),
  );
  return plan({
    'devpi/10_namespace': Array.from({ length: 37 }, (_, i) => change('unchanged', `ConfigMap devpi/c${i}`)),
    ...quiet,
    'devpi/30_redis': [
      change('update', 'Deployment devpi/redis', {
        fields: [
          field('spec.template.spec.containers[redis].image', { before: 'redis:7.0', after: 'redis:7.2' }),
          field('spec.replicas', { before: '3', after: '1', note: 'drift, set by kubectl-scale 4 min ago' }),
        ],
      }),
    ],
    'devpi/40_keycloak_client': [
      change('create', 'KeycloakClient cairn/devpi-dashboard', { fields: [field('spec.id', { after: 'x' })] }),
      change('create', 'Secret devpi/oauth2-client', {
        fields: [
          field('client-secret', {
            how: 'later',
            note: 'known after KeycloakClient cairn/devpi-dashboard',
            secret: true,
          }),
        ],
      }),
    ],
    'devpi/50_oauth2_proxy': [
      change('undecided', 'Deployment devpi/oauth2-proxy', { why: 'restarts if the client secret changes' }),
    ],
  });
}

export const runStarted = {
  type: 'run-started',
  run: '7f3a',
  command: 'up',
  name: 'devpi',
  playbook: 'playbooks/devpi.yaml',
  inventory: 'inventory/local',
  targets: ['kind-cairn'],
  steps: [
    { step: 'devpi/10_namespace', target: 'kind-cairn', summary: 'Make the namespace' },
    { step: 'devpi/30_redis', target: 'kind-cairn', summary: 'Start Redis' },
    { step: 'devpi/60_build_workflow', target: 'kind-cairn', summary: 'Build the image' },
    { step: 'devpi/80_ingress', target: 'kind-cairn', summary: 'Open the door' },
  ],
  at: '2026-11-21T00:12:00.000Z',
} as const satisfies Event;

const where = { step: 'devpi/30_redis', target: 'kind-cairn' };
const noChecks = { passed: 0, failed: 0, skipped: 0 };

/** A run that goes well, as events. */
export const goodRun: readonly Event[] = [
  runStarted,
  { type: 'step-started', step: 'devpi/10_namespace', target: 'kind-cairn' },
  {
    type: 'step-finished',
    step: 'devpi/10_namespace',
    target: 'kind-cairn',
    counts: { unchanged: 1 },
    checks: noChecks,
    ok: true,
    ms: 40,
  },
  { type: 'step-started', ...where },
  { type: 'resource-started', ...where, title: 'Deployment devpi/redis', usually: '10 s' },
  { type: 'progress', ...where, title: 'Deployment devpi/redis', line: 'pulling \u001b[31mredis:7.2\u001b[0m' },
  {
    type: 'resource-finished',
    ...where,
    title: 'Deployment devpi/redis',
    address: 'Deployment/devpi/redis',
    outcome: 'updated',
    fields: [field('spec.replicas', { before: '3', after: '1' })],
    ms: 3000,
  },
  { type: 'check-finished', ...where, what: 'it answers PONG', result: 'passed', ms: 100 },
  {
    type: 'step-finished',
    ...where,
    counts: { updated: 1, unchanged: 2 },
    checks: { passed: 1, failed: 0, skipped: 0 },
    ok: true,
    ms: 3100,
  },
  {
    type: 'run-finished',
    run: '7f3a',
    code: 0,
    recap: [
      { target: 'kind-cairn', counts: { updated: 1, unchanged: 3 }, checks: { passed: 1, failed: 0, skipped: 0 } },
    ],
    changed: [{ title: 'Deployment devpi/redis', outcome: 'updated' }],
    notReached: [],
    ms: 72_000,
  },
];

export const failedEnd = {
  type: 'run-finished',
  run: '7f3a',
  code: 1,
  recap: [{ target: 'kind-cairn', counts: { created: 1, updated: 1, failed: 1 }, checks: noChecks }],
  failure: {
    step: 'devpi/70_deploy_devpi',
    target: 'kind-cairn',
    title: 'StatefulSet devpi/devpi',
    causes: [
      {
        severity: 'error',
        code: 'image-pull',
        summary: 'The image registry.infra:5000/devpi:nope does not exist.',
        detail: [
          'Pod devpi/devpi-0 · container devpi · ErrImagePull',
          '"manifest unknown: manifest tagged by nope is not found"',
        ],
        source: { file: 'inventory/local/group_vars/all.yaml', line: 31, column: 5 },
      },
    ],
  },
  changed: [
    { title: 'Secret devpi/devpi-admin', outcome: 'created' },
    { title: 'StatefulSet devpi/devpi', outcome: 'updated' },
  ],
  notReached: ['devpi/80_ingress', 'devpi/85_cli_setup', 'devpi/86_shell_config'],
  ms: 60_000,
} as const satisfies Event;
