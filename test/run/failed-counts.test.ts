import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';

const container = { name: 'web', image: 'registry.example.org/web:nope' };
const steps = {
  'demo/10_web': step({
    summary: 'Runs a web server that has no image',
    on: 'cluster',
    undo: restore,
    resources: () => ({
      settings: object({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'default', name: 'web' },
        data: { a: 'b' },
      }),
      web: object({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: 'default', name: 'web' },
        spec: {
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
        },
      }),
    }),
  }),
};

it('counts what was written but never got ready as failed, beside what was done', async () => {
  const world = new World(steps);
  world.kube.behave(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
    { is: 'no-image', message: 'no such image' },
  );
  const result = await world.up();
  expect(result).toMatchObject({ code: 1, recap: [{ counts: { created: 1, failed: 1 } }] });
});
