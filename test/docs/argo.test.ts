import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import type { Resources } from '../../src/model/step.ts';
import { restore, step } from '../../src/model/step.ts';
import { argo } from '../../src/sdk.ts';
import { argoDefinitions } from '../rig/argo.ts';
import { World } from '../rig/world.ts';

const doc = readFileSync(new URL('../../docs/argo.md', import.meta.url), 'utf8');
const [, code = ''] = /```ts\n(\{\n.*?\})\n```/s.exec(doc) ?? [];

it('the example of docs/argo.md is made, is then unchanged, and is taken back', async () => {
  const kube = new FakeKube();
  for (const definition of argoDefinitions) kube.applyAs('kubectl', definition);
  for (const name of ['shop', 'argocd'])
    kube.edit({ apiVersion: 'v1', kind: 'Namespace', name }, 'kubectl', (object) => object);
  const declared = step({
    summary: 'The example',
    on: 'cluster',
    undo: restore,
    resources: () => new Function('argo', `return (${code})`)(argo) as Resources,
  });
  const world = new World({ 'shop/10_argo': declared }, { cluster: { reader: kube, writer: kube } });
  const before = kube.snapshot();
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  expect(world.outcomes()).toEqual([
    'created WorkflowTemplate shop/build',
    'created CronWorkflow shop/nightly',
    'created Workflow shop/build-first',
    'created Application argocd/shop',
  ]);
  expect(await world.pending()).toEqual([]);
  expect((await world.undo()).failure?.causes ?? []).toEqual([]);
  expect(kube.snapshot()).toEqual(before);
});
