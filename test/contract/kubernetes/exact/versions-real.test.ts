import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/model/kube.ts';
import { isPending } from '../../../../src/model/plan.ts';
import { restore, step } from '../../../../src/model/step.ts';
import { object } from '../../../../src/resources/kubernetes/object.ts';
import { type ApiServer, startApiServer } from '../../../rig/apiserver.ts';
import { patience } from '../../../rig/defaults.ts';
import { rigTimeout, whyNoApiServer } from '../../../rig/programs.ts';
import { World } from '../../../rig/world.ts';
import { realTheatre, type Stage } from './stage.ts';

const why = whyNoApiServer();
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };

describe.skipIf(why !== null)(why ?? 'an API version that a step names anew', () => {
  let rig: ApiServer;
  let stage: Stage;

  beforeAll(async () => {
    rig = await startApiServer();
    stage = await realTheatre(() => rig).open();
  }, rigTimeout);
  afterAll(async () => {
    await stage.close();
    await rig.stop();
  });

  const scaler = (version: 'v1' | 'v2', name: string, maxReplicas: number): KubeObject => ({
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace: stage.namespace, name },
    spec: {
      scaleTargetRef: target,
      maxReplicas,
      ...(version === 'v1' ? { targetCPUUtilizationPercentage: 60 } : { metrics: [cpu] }),
    },
  });

  it.each(['made', 'adopted'])(
    'is no replacement, no removal, and undone exactly: an autoscaler that was %s',
    async (how) => {
      let version: 'v1' | 'v2' = 'v1';
      let maxReplicas = 3;
      const one = step({
        summary: 'An autoscaler',
        on: 'cluster',
        undo: restore,
        resources: () => ({ scaler: object(scaler(version, how, maxReplicas), { ready: {}, takeOver: ['spec'] }) }),
      });
      if (how === 'adopted') {
        await stage.hands.make(scaler('v1', how, 9), 'kubectl-create');
      }
      const world = new World({ 'demo/10_scaler': one }, { cluster: stage.cluster });
      const before = await stage.snapshot();
      expect(await world.up({ timeout: patience })).toMatchObject({ code: 0 });
      version = 'v2';
      const lines = (await world.plan()).steps.flatMap(({ changes }) => changes);
      expect(lines.map(({ verb, fields, problem }) => [verb, fields, problem])).toEqual([['unchanged', [], undefined]]);
      expect((await world.planUndo()).plan.steps.flatMap(({ changes }) => changes.map(({ verb }) => verb))).toEqual([
        how === 'made' ? 'remove' : 'update',
      ]);
      maxReplicas = 4;
      expect(await world.pending()).toEqual([`update HorizontalPodAutoscaler ${stage.namespace}/${how}`]);
      expect(await world.up({ timeout: patience })).toMatchObject({ code: 0 });
      expect(await world.pending()).toEqual([]);
      const undone = await world.undo({ timeout: patience });
      expect(undone, JSON.stringify(undone.failure)).toMatchObject({ code: 0 });
      expect(await stage.snapshot()).toEqual(before);
      expect((await world.planUndo()).plan.steps.flatMap(({ changes }) => changes.filter(isPending))).toEqual([]);
    },
  );
});
