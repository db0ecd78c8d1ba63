import { expect, test } from 'vitest';
import { undoQuestion, undoView } from '../../src/report/views/undo-view.ts';
import { change, field, plan } from './sample.ts';

const undo = plan(
  {
    'devpi/80_ingress': [change('remove', 'HTTPRoute devpi/api', { why: 'created by run 12ab' })],
    'devpi/40_dns': [
      change('update', 'ConfigMap kube-system/coredns', {
        fields: [field('data.Corefile', { before: '9 lines', after: '2 lines' })],
      }),
    ],
    'devpi/30_redis': [
      change('refused', 'Deployment devpi/redis', {
        fields: [field('spec.replicas', { note: 'owned by hpa' })],
        problem: { severity: 'error', code: 'changed-after-us', summary: 'Deployment devpi/redis was changed' },
      }),
    ],
    'devpi/20_storage': [
      change('remove', 'PersistentVolumeClaim devpi/devpi-data-pvc', {
        address: 'PersistentVolumeClaim/devpi/devpi-data-pvc',
        loss: {
          is: 'data',
          why: '1.2 GiB of packages',
          saveFirst: 'cairn up playbooks/devpi.yaml --only devpi/87_export',
        },
      }),
    ],
    'devpi/10_namespace': [change('kept', 'Namespace devpi', { why: 'it was there before us; labels given back' })],
  },
  { command: 'undo', baseline: '12ab' },
);

test('an undo plan looks as promised', () => {
  const text = undoView(undo, { color: false, width: 120, baselineAt: '2026-11-21T00:12:00Z' });
  expect(`\n${text}\n`).toBe(`
Back to the state before run 12ab (2026-11-21 00:12), newest first:
  - HTTPRoute devpi/api                         created by run 12ab
  ~ ConfigMap kube-system/coredns               given back: data.Corefile (2 lines)
  ! Deployment devpi/redis                      refused: changed after us: spec.replicas (owned by hpa); --force takes it anyway
  - PersistentVolumeClaim devpi/devpi-data-pvc  DATA: 1.2 GiB of packages; needs --allow-data-loss PersistentVolumeClaim/devpi/devpi-data-pvc
      save it first:  cairn up playbooks/devpi.yaml --only devpi/87_export
  = Namespace devpi                             stays: it was there before us; labels given back
`);
});

test('the question counts what would be undone', () => {
  expect(undoQuestion(undo)).toBe('Undo 3 resources?');
});

test('an undo without anything to do says so', () => {
  expect(undoView(plan({}, { command: 'undo' }), { color: false, width: 80 })).toBe(
    'Nothing to undo: everything is as it was.',
  );
});

test('where only kept things are left, nothing is said to go back', () => {
  const kept = plan(
    { 'kind/20_packages': [change('kept', 'package podman', { why: 'packages stay' })] },
    { command: 'undo' },
  );
  expect(`\n${undoView(kept, { color: false, width: 80 })}\n`).toBe(`
Nothing is taken back; this stays:
  = package podman  stays: packages stay
`);
});
