import { expect, it } from 'vitest';
import type { Resources, Step } from '../../src/model/step.ts';
import { restore, step } from '../../src/model/step.ts';
import { probe } from '../../src/resources/world/probe.ts';
import { World } from '../rig/world.ts';
import { configMap } from './things.ts';

const stepOf = (resources: () => Resources): Step => step({ summary: 'x', on: 'cluster', undo: restore, resources });

/** A later step copies what its probe finds in a ConfigMap that an earlier one makes. */
function copying(value: string): Readonly<Record<string, Step>> {
  return {
    'demo/10_source': stepOf(() => ({ source: configMap('default', 'source', { key: value }) })),
    'demo/20_copy': stepOf(() => {
      const found = probe({
        id: 'what the source says',
        looksAt: ['ConfigMap/default/source'],
        async read({ kube }) {
          const map = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'source' });
          const { key = 'nothing' } = (map?.data ?? {}) as { readonly key?: string };
          return { key };
        },
      });
      return { found, copy: configMap('default', 'copy', { key: found.out.key }) };
    }),
  };
}

it('a probe is asked once the steps have run that make what it looks at', async () => {
  const world = new World(copying('first'));
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(JSON.stringify(world.snapshot())).not.toContain('nothing');
  expect(await world.pending()).toEqual([]);

  world.useSteps(copying('second'));
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(world.outcomes().slice(-2)).toEqual(['updated ConfigMap default/source', 'updated ConfigMap default/copy']);
  expect(await world.pending()).toEqual([]);
});
