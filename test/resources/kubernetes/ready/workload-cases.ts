import { type Case, condition, event, set, work } from './case.ts';
import { ago } from './stage.ts';

const up = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const two = { replicas: 2 };
const revisions = (current: string, update: string) => ({ currentRevision: current, updateRevision: update });
const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
const onDelete = { updateStrategy: { type: 'OnDelete' } };
const quota = 'pods "app-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2';

export const workloadCases: readonly Case[] = [
  { it: 'is there for a Deployment that rolled out', props: [work('Deployment', up, two)], verdict: 'ready' },
  {
    it: 'waits for the controller of a Deployment',
    props: [work('Deployment', { ...up, observedGeneration: 0 }, two)],
    verdict: 'waiting',
    says: 'its controller to look at it',
  },
  {
    it: 'waits for pods of the new form',
    props: [work('Deployment', { ...up, updatedReplicas: 1 }, two)],
    verdict: 'waiting',
    says: '1 of 2 pods to be renewed',
  },
  {
    it: 'waits for old pods to end',
    props: [work('Deployment', { ...up, replicas: 3 }, two)],
    verdict: 'waiting',
    says: 'old pods to end',
  },
  {
    it: 'waits for pods to be available',
    props: [work('Deployment', { ...up, availableReplicas: 1 }, two)],
    verdict: 'waiting',
    says: '1 of 2 pods to be ready',
  },
  { it: 'is there for a Deployment without pods', props: [work('Deployment', {}, { replicas: 0 })], verdict: 'ready' },
  {
    it: 'says that a rollout is paused',
    props: [work('Deployment', { ...up, updatedReplicas: 0 }, { ...two, paused: true })],
    verdict: 'waiting',
    says: 'it is paused',
  },
  {
    it: 'fails when the time for a rollout is over',
    props: [
      work('Deployment', {
        replicas: 1,
        conditions: [
          condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'has timed out progressing', ago(9)),
        ],
      }),
    ],
    verdict: 'rollout-failed',
    says: 'Deployment NS/app: has timed out progressing',
  },
  {
    it: 'waits when the time for a rollout was over before the run wrote',
    props: [
      work('Deployment', {
        replicas: 1,
        conditions: [
          condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'has timed out progressing', ago(9)),
        ],
      }),
    ],
    since: 4,
    verdict: 'waiting',
    says: 'has timed out progressing',
  },
  {
    it: 'fails with the quota that a Deployment exceeds',
    props: [
      work('Deployment', {
        replicas: 0,
        conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', quota, ago(2))],
      }),
      set('2', { replicas: 0 }),
      event('ReplicaSet/app-2', 'FailedCreate', `Error creating: ${quota}`, ago(1)),
    ],
    verdict: 'pods-refused',
    says: 'exceeded quota: small',
  },
  {
    it: 'waits for another try when a quota was exceeded before the run wrote',
    props: [
      work('Deployment', {
        replicas: 0,
        conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', quota, ago(40))],
      }),
      set('2', { replicas: 0 }),
      event('ReplicaSet/app-2', 'FailedCreate', `Error creating: ${quota}`, ago(30)),
    ],
    since: 5,
    verdict: 'waiting',
    says: 'another try; before',
  },
  {
    it: 'is there for a StatefulSet whose pods run the newest form',
    props: [work('StatefulSet', { ...up, ...revisions('a', 'a') }, two)],
    verdict: 'ready',
  },
  {
    it: 'waits while a StatefulSet rolls',
    props: [work('StatefulSet', { ...up, updatedReplicas: 1, ...revisions('a', 'b') }, two)],
    verdict: 'waiting',
    says: '1 of 2 pods to be renewed',
  },
  {
    it: 'is there for a StatefulSet that is renewed down to its partition',
    props: [work('StatefulSet', { ...up, updatedReplicas: 1, ...revisions('a', 'b') }, { ...two, ...partition })],
    verdict: 'ready',
  },
  {
    it: 'waits for pods above the partition',
    props: [work('StatefulSet', { ...up, updatedReplicas: 0, ...revisions('a', 'b') }, { ...two, ...partition })],
    verdict: 'waiting',
    says: '1 of 1 pods to be renewed',
  },
  {
    it: 'is there for a StatefulSet that renews pods only when they are deleted',
    props: [work('StatefulSet', { ...up, updatedReplicas: 0, ...revisions('a', 'b') }, { ...two, ...onDelete })],
    verdict: 'ready',
  },
  {
    it: 'waits for ready pods of a StatefulSet',
    props: [work('StatefulSet', { ...up, readyReplicas: 1, availableReplicas: 1, ...revisions('a', 'a') }, two)],
    verdict: 'waiting',
    says: '1 of 2 pods to be ready',
  },
  {
    it: 'waits for pods to stay ready as long as the StatefulSet asks',
    props: [
      work('StatefulSet', { ...up, availableReplicas: 1, ...revisions('a', 'a') }, { ...two, minReadySeconds: 30 }),
    ],
    verdict: 'waiting',
    says: '1 of 2 pods to be ready',
  },
  {
    it: 'fails with the quota that a StatefulSet exceeds',
    props: [
      work('StatefulSet', { replicas: 1, ...revisions('a', 'a') }, two),
      event('StatefulSet/app', 'FailedCreate', `create Pod app-1 failed: ${quota}`, ago(1)),
    ],
    verdict: 'pods-refused',
    says: 'exceeded quota: small',
  },
  {
    it: 'is there for a DaemonSet on every node',
    props: [
      work('DaemonSet', {
        currentNumberScheduled: 2,
        numberMisscheduled: 0,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 2,
        numberReady: 2,
      }),
    ],
    verdict: 'ready',
  },
  {
    it: 'waits for a DaemonSet to be renewed',
    props: [
      work('DaemonSet', {
        currentNumberScheduled: 2,
        numberMisscheduled: 0,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 1,
        numberAvailable: 2,
        numberReady: 2,
      }),
    ],
    verdict: 'waiting',
    says: '1 of 2 pods to be renewed',
  },
  {
    it: 'is there for a DaemonSet that renews pods only when they are deleted',
    props: [
      work(
        'DaemonSet',
        {
          currentNumberScheduled: 2,
          numberMisscheduled: 0,
          desiredNumberScheduled: 2,
          updatedNumberScheduled: 0,
          numberAvailable: 2,
          numberReady: 2,
        },
        onDelete,
      ),
    ],
    verdict: 'ready',
  },
  {
    it: 'is there for a ReplicaSet whose pods are',
    props: [work('ReplicaSet', { replicas: 1, availableReplicas: 1, readyReplicas: 1 }, { replicas: 1 })],
    verdict: 'ready',
  },
  {
    it: 'waits for a ReplicaSet',
    props: [work('ReplicaSet', { replicas: 1 }, { replicas: 1 })],
    verdict: 'waiting',
    says: '1 of 1 pods to be ready',
  },
];
