import { expect, test } from 'vitest';
import { forgetQuestion, forgetView } from '../../src/report/views/forget-view.ts';
import { planView } from '../../src/report/views/plan-view.ts';
import { change, field, plan } from './sample.ts';

const wide = { color: false, width: 120 };

const letGo = plan(
  {
    'devpi/30_redis': [
      change('forget', 'Secret devpi/redis', {
        why: 'created by run 12ab',
        fields: [field('label cairn.dev/owner'), field('the ownership of its fields')],
      }),
      change('forget', 'file /etc/motd', { target: 'host:web1', why: 'there before run 12ab' }),
      change('refused', 'Secret devpi/other', {
        problem: { severity: 'error', code: 'x', summary: 'the server does not answer', help: 'try again' },
      }),
    ],
  },
  { command: 'forget' },
);

test('what is let go of looks as promised', () => {
  expect(`\n${forgetView(letGo, wide)}\n`).toBe(`
Cairn lets go of what follows. It stays as it is, and undo and up no longer take it back:
  » Secret devpi/redis on kind-cairn   created by run 12ab
      loses label cairn.dev/owner, the ownership of its fields
  » file /etc/motd on web1             there before run 12ab
  ! Secret devpi/other on kind-cairn   refused: the server does not answer
      try again
`);
  expect(forgetQuestion(letGo)).toBe('Let go of 3 resources?');
});

test('a plan says what is adopted, and whether any value changes', () => {
  const text = planView(
    plan({
      'devpi/10_namespace': [
        change('adopt', 'ConfigMap devpi/settings'),
        change('adopt', 'Namespace devpi', { fields: [field('metadata.labels.team', { after: 'blue' })] }),
      ],
    }),
    wide,
  );
  expect(text.split('\n').slice(2)).toEqual([
    '10_namespace',
    '  ~ ConfigMap devpi/settings   adopted as it is',
    '  ~ Namespace devpi            adopted: it was there before',
    '      metadata.labels.team     (none)  →  blue',
    '',
    'Plan: 2 to adopt. Nothing is lost.',
    'Apply with  cairn up playbooks/devpi.yaml',
  ]);
});
