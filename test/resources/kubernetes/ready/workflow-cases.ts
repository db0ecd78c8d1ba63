import type { Fields } from '../../../../src/resources/kubernetes/compare/json.ts';
import { type Case, type Prop, waitingFor } from './case.ts';

const apiVersion = 'argoproj.io/v1alpha1';
const workflow = (status: Fields, more: Fields = {}): Prop => ({
  apiVersion,
  kind: 'Workflow',
  spec: { entrypoint: 'main', templates: [{ name: 'main', container: { image: 'x' } }], ...more },
  status,
});
const podOf = (name: string, status: Fields, log?: readonly string[]): Prop => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name,
  labels: { 'workflows.argoproj.io/workflow': 'app' },
  annotations: { 'workflows.argoproj.io/node-id': `node-${name}` },
  spec: {
    restartPolicy: 'Never',
    containers: [
      { name: 'wait', image: 'x' },
      { name: 'main', image: 'x' },
    ],
  },
  status,
  ...(log ? { log } : {}),
});
const ended = (name: string, exitCode: number): Fields => ({
  name,
  image: 'x',
  imageID: '',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode } },
});
const executor = [
  'time="2025-09-21T16:00:38.871Z" level=info msg="sub-process exited" argo=true error="<nil>"',
  'Error: exit status 3',
];
const failed = { phase: 'Failed', containerStatuses: [ended('wait', 0), ended('main', 3)] };
const nodes = {
  'node-first': { type: 'Pod', displayName: 'build', phase: 'Failed', message: 'Error (exit code 3)' },
};

export const workflowCases: readonly Case[] = [
  {
    it: 'is there for a Workflow that is made to wait',
    props: [workflow({ phase: 'Running' }, { suspend: true })],
    verdict: 'ready',
  },
  {
    it: 'waits for the controller of workflows',
    props: [workflow({})],
    verdict: 'waiting',
    says: 'the workflow controller',
  },
  {
    it: 'waits for a Workflow, and says how far it is',
    props: [workflow({ phase: 'Running', progress: '1/3' })],
    verdict: 'waiting',
    says: 'its end, 1/3 done',
  },
  {
    it: 'goes on waiting for a Workflow that tries a pod again',
    props: [workflow({ phase: 'Running', progress: '0/1' }), podOf('first', failed)],
    verdict: 'waiting',
    says: 'its end',
  },
  {
    it: 'fails with the image that a pod of a Workflow can not have',
    props: [
      workflow({ phase: 'Running' }),
      podOf('first', {
        phase: 'Pending',
        containerStatuses: [
          { ...ended('main', 0), ...waitingFor('ImagePullBackOff', 'manifest unknown: registry/app:nope') },
        ],
      }),
    ],
    verdict: 'image-pull',
    says: 'Pod NS/first',
  },
  {
    it: 'fails with the log of the pod of a Workflow that failed, of its container that did',
    props: [
      workflow({ phase: 'Failed', message: 'child failed', nodes }),
      podOf('first', failed, ['FROM base', '', 'error building image: no such file', ...executor]),
    ],
    verdict: 'workflow-failed',
    says: 'error building image: no such file',
    detail: ['Workflow default/app failed in build: Error (exit code 3)', 'FROM base'],
    fakeOnly: true,
  },
  {
    it: 'fails with what a Workflow noted when its pods are gone',
    props: [workflow({ phase: 'Failed', message: 'child failed', nodes })],
    verdict: 'workflow-failed',
    says: 'Workflow NS/app failed in build: Error (exit code 3)',
  },
  {
    it: 'fails with what is wrong with a Workflow itself',
    props: [workflow({ phase: 'Error', message: 'template name "nope" undefined' })],
    verdict: 'workflow-failed',
    says: 'template name "nope" undefined',
  },
  {
    it: 'is there for a CronWorkflow',
    props: [{ apiVersion, kind: 'CronWorkflow', spec: { schedules: ['* * * * *'] }, status: {} }],
    verdict: 'ready',
  },
];
