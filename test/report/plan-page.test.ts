import { expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { planPage } from '../../src/report/views/plan-page.ts';
import { change, field, plan, samplePlan } from './sample.ts';

test('a plan as a page says what it comes to, and folds a diff for each step', () => {
  expect(`\n${planPage(samplePlan(), {})}`).toBe(`
### Plan for <code>devpi</code> on <code>kind-cairn</code>

Plan: 2 to create, 1 to update, 1 undecided, 37 unchanged. Nothing is lost.

<details><summary><b>30&#95;redis</b>: 1 change</summary>

\`\`\`diff
! ~ Deployment devpi/redis
-     spec.template.spec.containers[redis].image  redis:7.0
+     spec.template.spec.containers[redis].image  redis:7.2
-     spec.replicas  3
+     spec.replicas  1
      drift, set by kubectl-scale 4 min ago
\`\`\`

</details>

<details><summary><b>40&#95;keycloak&#95;client</b>: 2 changes</summary>

\`\`\`diff
+ KeycloakClient cairn/devpi-dashboard
+ Secret devpi/oauth2-client
      client-secret  (known after KeycloakClient cairn/devpi-dashboard)
\`\`\`

</details>

<details><summary><b>50&#95;oauth2&#95;proxy</b>: 1 change</summary>

\`\`\`diff
  ? Deployment devpi/oauth2-proxy    undecided: restarts if the client secret changes
\`\`\`

</details>

\`\`\`
Apply with  cairn up playbooks/devpi.yaml
\`\`\`
`);
});

test('what must be settled first, and what it costs, is on the page', () => {
  const page = planPage(
    plan({
      'devpi/30_redis': [
        change('foreign', 'ConfigMap devpi/a', {
          foreign: [{ path: 'data.door', owner: 'flux' }],
          problem: { severity: 'error', code: 'foreign', summary: 'it has other owners', help: 'leave it out' },
        }),
        change('replace', 'Service devpi/b', { loss: { is: 'recreate', why: 'it gets another address' } }),
      ],
    }),
    { saved: 'x.plan' },
  );
  expect(page).toContain(
    '! ConfigMap devpi/a    belongs to somebody else\n      data.door  owned by flux\n      leave it out\n',
  );
  expect(page).toContain(
    '! ± Service devpi/b\n      is removed and made again (it gets another address); needs --allow-replace\n',
  );
  expect(page).toContain('Nothing can be applied until what is marked ! is settled.\nNothing was saved to x.plan.');
});

test('values can neither leave their fence nor become markup, and no secret is shown', () => {
  const secret = new Secret('a-secret-of-the-page');
  const before = '```\n</details><script>';
  const page = planPage(
    plan({
      'devpi/<b>_x': [
        change('update', 'ConfigMap devpi/a', {
          fields: [field('data.a', { before, after: 'a-secret-of-the-page' }), field('data.b', { secret: true })],
        }),
      ],
    }),
    {},
  );
  expect(page).toContain('````diff\n');
  expect(page).toContain('<b>&#60;b&#62;&#95;x</b>');
  expect(page).toContain('data.b  (secret changed)');
  expect(page).toContain('+     data.a  [secret]');
  expect(page).not.toContain('a-secret-of-the-page');
  expect(secret.fingerprint()).not.toBe('');
});

test('a page stays below what GitHub takes', () => {
  const steps = Array.from(
    { length: 300 },
    (_, i) =>
      [
        `devpi/${i}_step`,
        [
          change('update', `ConfigMap devpi/${i}`, {
            fields: [field('data.a', { before: 'x', after: 'y'.repeat(9_000) })],
          }),
        ],
      ] as const,
  );
  const page = planPage(plan(Object.fromEntries(steps)), {});
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  expect(page).toMatch(/\n\d+ more steps don't fit here: they are in the log\.\n/);
});
