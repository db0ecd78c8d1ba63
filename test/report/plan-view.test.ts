import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { planView } from '../../src/report/views/plan-view.ts';
import { change, field, plan, samplePlan } from './sample.ts';

const wide = { color: false, width: 120 };

test('a plan looks as promised', () => {
  expect(`\n${planView(samplePlan(), wide)}\n`).toBe(`
devpi on kind-cairn (inventory/local)                          12 steps, 41 resources, read in 0.6 s

30_redis
  ~ Deployment devpi/redis
      spec.template.spec.containers[redis].image   redis:7.0  →  redis:7.2
      spec.replicas                                3  →  1    drift, set by kubectl-scale 4 min ago
40_keycloak_client
  + KeycloakClient cairn/devpi-dashboard
  + Secret devpi/oauth2-client
      client-secret                                (known after KeycloakClient cairn/devpi-dashboard)
50_oauth2_proxy
  ? Deployment devpi/oauth2-proxy                  undecided: restarts if the client secret changes

Plan: 2 to create, 1 to update, 1 undecided, 37 unchanged. Nothing is lost.
Apply with  cairn up playbooks/devpi.yaml
`);
});

test('a plan with nothing to do says so in one line', () => {
  const text = planView(plan({ 'devpi/10_namespace': [change('unchanged', 'Namespace devpi')] }), wide);
  expect(text.split('\n').slice(1)).toEqual(['', 'Plan: nothing to do, 1 unchanged.']);
});

test('a secret is never shown, only that it changed', () => {
  const secret = field('data.password', { secret: true, before: 'old', after: 'new' });
  const text = planView(
    plan({ 'devpi/30_redis': [change('update', 'Secret devpi/redis', { fields: [secret] })] }),
    wide,
  );
  expect(text).toContain('data.password   (secret changed)');
  expect(text).not.toMatch(/old|new/);
});

test('what is lost is said beside the resource and at the end, with the words that agree to it', () => {
  const text = planView(
    plan({
      'devpi/20_storage': [
        change('replace', 'PersistentVolumeClaim devpi/data', {
          address: 'PersistentVolumeClaim/devpi/data',
          fields: [field('spec.storageClassName', { how: 'replace', before: 'a', after: 'b' })],
          loss: { is: 'data', why: '1.2 GiB of packages', saveFirst: 'cairn up playbooks/devpi.yaml --only devpi/87' },
        }),
      ],
    }),
    wide,
  );
  expect(text.split('\n').slice(2)).toEqual([
    '20_storage',
    '  ± PersistentVolumeClaim devpi/data',
    '      spec.storageClassName   a  →  b    can’t be changed in place',
    '      DATA: 1.2 GiB of packages; needs --allow-data-loss PersistentVolumeClaim/devpi/data',
    '      save it first:  cairn up playbooks/devpi.yaml --only devpi/87',
    '',
    'Plan: 1 to replace. Lost for good: PersistentVolumeClaim devpi/data (1.2 GiB of packages).',
    'Apply with  cairn up playbooks/devpi.yaml',
  ]);
});

test('a field of somebody else stops the plan and names the owner', () => {
  const text = planView(
    plan({
      'devpi/30_redis': [
        change('foreign', 'Deployment devpi/redis', {
          foreign: [{ path: 'spec.replicas', owner: 'hpa' }],
          problem: {
            severity: 'error',
            code: 'foreign',
            summary: 'x',
            help: "leave them out of the step, or take them with takeOver: ['spec.replicas']",
          },
        }),
      ],
    }),
    wide,
  );
  expect(text.split('\n').slice(2)).toEqual([
    '30_redis',
    '  ! Deployment devpi/redis   belongs to somebody else',
    '      spec.replicas          owned by hpa',
    "      leave them out of the step, or take them with takeOver: ['spec.replicas']",
    '',
    'Plan: 1 of somebody else. Nothing is lost.',
    'Nothing can be applied until what is marked ! is settled.',
  ]);
});

test('what may turn out unchanged says after what, and what can’t be read says why', () => {
  const why = { severity: 'error', code: 'unreadable', summary: 'the API server answered 403' } as const;
  const text = planView(
    plan({
      'web/10_nginx': [
        change('update', 'file /etc/nginx/nginx.conf', { certainty: 'undecided', why: 'after package nginx' }),
        change('refused', 'Secret devpi/redis', {
          problem: { ...why, help: 'give the user the right to read secrets' },
        }),
      ],
    }),
    wide,
  );
  expect(text.split('\n').slice(3, 6)).toEqual([
    '  ~ file /etc/nginx/nginx.conf   undecided after package nginx',
    '  ! Secret devpi/redis           refused: the API server answered 403',
    '      give the user the right to read secrets',
  ]);
});

test('long values are cut to the width, and the place where they differ stays in sight', () => {
  const start = 'registry.devpi.svc.cluster.local:5000/library/devpi-server';
  const image = field('image', { before: `${start}:1.0`, after: `${start}:1.1` });
  const text = planView(plan({ 'devpi/30_redis': [change('update', 'Pod devpi/a', { fields: [image] })] }), {
    color: false,
    width: 80,
  });
  expect(text).toMatch(/^ {6}image {3}…erver:1\.0 {2}→ {2}…erver:1\.1$/m);
});

test('steps of several components and targets are told apart', () => {
  const many = plan(
    {
      'kind/10_packages': [change('create', 'package podman')],
      'devpi/30_redis': [change('create', 'Secret devpi/redis')],
    },
    { targets: ['web1', 'web2'] },
  );
  expect(planView(many, wide)).toMatch(/^kind\/10_packages on kind-cairn\n.*\ndevpi\/30_redis on kind-cairn$/m);
});

test('colour only adds: without it the text is the same', () => {
  const coloured = planView(samplePlan(), { color: true, width: 120 });
  expect(coloured).toContain('\u001b[33m~\u001b[39m Deployment');
  expect(stripVTControlCharacters(coloured)).toBe(planView(samplePlan(), wide));
});
