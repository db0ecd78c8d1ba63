import type { ClusterTarget, HostTarget, StepInstance } from '../../src/model/project.ts';
import type { Step } from '../../src/model/step.ts';

const hostTarget: HostTarget = { kind: 'host', name: 'box', connection: 'local' };
const clusterTarget: ClusterTarget = { kind: 'cluster', name: 'kit', kubeconfig: '/none', context: 'none' };

/** Steps by id, as a project has them: on one host and one cluster, without values. */
export function instancesIn(steps: Readonly<Record<string, Step>>): readonly StepInstance[] {
  return Object.entries(steps).map(([id, step]) => instanceOf(id, step));
}

function instanceOf(id: string, step: Step): StepInstance {
  const [component = '', name = ''] = id.split('/');
  const target = step.on === 'hosts' ? hostTarget : clusterTarget;
  const number = Number.parseInt(name, 10);
  return {
    id,
    component,
    number,
    source: { file: `steps/${id}.ts`, line: 1, column: 1 },
    step,
    target,
    cluster: clusterTarget,
    vars: {},
  };
}
