import { type Case, condition, crashed, event, type Prop, pod, set, waitingFor, work } from './case.ts';
import { ago } from './stage.ts';

const replicas = { replicas: 1, updatedReplicas: 1, unavailableReplicas: 1 };
const rolling = [work('Deployment', replicas), set('2')];
const notFound = 'failed to resolve reference "registry/app:1": registry/app:1: not found';
const noImage = waitingFor('ImagePullBackOff', `Back-off pulling image "registry/app:1": ErrImagePull: ${notFound}`);
const unready = condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [main]');
const full = '0/1 nodes are available: 1 Insufficient memory.';
const unschedulable = (at: string) => ({ conditions: [condition('PodScheduled', 'False', 'Unschedulable', full, at)] });
const running = { restartCount: 0, state: { running: { startedAt: ago(20) } } };
const hash = 'controller-revision-hash';
const password: Prop = { apiVersion: 'v1', kind: 'Secret', name: 'password' };
const withPassword = {
  spec: { containers: [{ name: 'main', image: 'registry/app:1', envFrom: [{ secretRef: { name: 'password' } }] }] },
};

export const podCases: readonly Case[] = [
  {
    it: 'fails with the image that can not be had',
    props: [...rolling, pod('ReplicaSet/app-2', noImage)],
    verdict: 'image-pull',
    says: "Pod NS/app-x, container main: the image registry/app:1 can't be had",
  },
  {
    it: 'waits for a scheduler that has not looked at the pod, and names it',
    props: [...rolling, pod('ReplicaSet/app-2', null)],
    verdict: 'waiting',
    says: 'Pod NS/app-x: scheduler default-scheduler has not looked at it',
    fakeOnly: true,
  },
  {
    it: 'waits while a registry stumbles',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', waitingFor('ErrImagePull', 'dial tcp: i/o timeout')),
      event('Pod/app-x', 'Failed', 'Failed to pull image', ago(1)),
    ],
    verdict: 'waiting',
    says: 'Failed to pull image',
    fakeOnly: true,
  },
  {
    it: 'waits for another pull when the image failed before the run wrote',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', noImage),
      event('Pod/app-x', 'Failed', 'Failed to pull image', ago(50)),
    ],
    since: 10,
    verdict: 'waiting',
    says: 'another try; before, Pod NS/app-x, container main: the image',
    fakeOnly: true,
  },
  {
    it: 'fails with an image that failed again since the run wrote',
    props: [...rolling, pod('ReplicaSet/app-2', noImage), event('Pod/app-x', 'Failed', 'Failed to pull image', ago(2))],
    since: 10,
    verdict: 'image-pull',
  },
  {
    it: 'fails with the last lines of a program that crashes',
    props: [...rolling, pod('ReplicaSet/app-2', crashed(ago(2), 3), { phase: 'Running' }, { log: ['no password'] })],
    since: 10,
    verdict: 'crash-loop',
    says: 'ends again and again with exit code 3',
    detail: ['no password'],
    fakeOnly: true,
  },
  {
    it: 'fails at once with an old crash when nothing was written since',
    props: [...rolling, pod('ReplicaSet/app-2', crashed(ago(200)), { phase: 'Running' })],
    verdict: 'crash-loop',
  },
  {
    it: 'waits for a program to be started again that crashed before the run wrote',
    props: [...rolling, pod('ReplicaSet/app-2', crashed(ago(200)), { phase: 'Running' })],
    since: 10,
    verdict: 'waiting',
    says: 'another try; before, Pod NS/app-x, container main ends again and again',
  },
  {
    it: 'waits for a program to be started again whose Secret was written since it crashed',
    props: [...rolling, pod('ReplicaSet/app-2', crashed(ago(200)), { phase: 'Running' }, withPassword), password],
    verdict: 'waiting',
    says: 'another try',
  },
  {
    it: 'does not blame a new form for pods of an old one',
    props: [...rolling, set('1'), pod('ReplicaSet/app-1', crashed(ago(2)), { phase: 'Running' })],
    verdict: 'waiting',
    says: '1 of 1 pods to be ready',
  },
  {
    it: 'does not blame a StatefulSet for a pod of an old revision',
    props: [
      work('StatefulSet', { replicas: 1, currentRevision: 'a', updateRevision: 'b' }),
      pod('StatefulSet/app', crashed(ago(2)), { phase: 'Running' }, { labels: { app: 'app', [hash]: 'a' } }),
    ],
    verdict: 'waiting',
    says: '1 of 1 pods to be renewed',
  },
  {
    it: 'does not blame a DaemonSet for a pod of an old revision',
    props: [
      work('DaemonSet', {
        currentNumberScheduled: 1,
        numberMisscheduled: 0,
        desiredNumberScheduled: 1,
        numberReady: 0,
      }),
      {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        name: 'app-a',
        owner: 'DaemonSet/app',
        data: {},
        revision: 1,
        labels: { [hash]: 'a' },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        name: 'app-b',
        owner: 'DaemonSet/app',
        data: {},
        revision: 2,
        labels: { [hash]: 'b' },
      },
      pod('DaemonSet/app', crashed(ago(2)), { phase: 'Running' }, { labels: { app: 'app', [hash]: 'a' } }),
    ],
    verdict: 'waiting',
    says: '1 of 1 pods to be renewed',
  },
  {
    it: 'fails with a pod of the newest revision of a DaemonSet',
    props: [
      work('DaemonSet', {
        currentNumberScheduled: 1,
        numberMisscheduled: 0,
        desiredNumberScheduled: 1,
        numberReady: 0,
      }),
      {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        name: 'app-b',
        owner: 'DaemonSet/app',
        data: {},
        revision: 2,
        labels: { [hash]: 'b' },
      },
      pod('DaemonSet/app', crashed(ago(2)), { phase: 'Running' }, { labels: { app: 'app', [hash]: 'b' } }),
    ],
    verdict: 'crash-loop',
  },
  {
    it: 'says which probe ended a program that is started again and again',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', crashed(ago(2), 137), { phase: 'Running' }),
      event('Pod/app-x', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500', ago(3)),
      event('Pod/app-x', 'Killing', 'Container main failed liveness probe, will be restarted', ago(3), {
        type: 'Normal',
      }),
    ],
    verdict: 'crash-loop',
    detail: [
      'Liveness probe failed: HTTP probe failed with statuscode: 500',
      'Container main failed liveness probe, will be restarted',
    ],
  },
  {
    it: 'fails with a Secret that a container needs and that is not there',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', waitingFor('CreateContainerConfigError', 'secret "password" not found')),
    ],
    verdict: 'container-config',
    says: 'can\'t be started: secret "password" not found',
  },
  {
    it: 'fails with why a pod fits nowhere',
    props: [...rolling, pod('ReplicaSet/app-2', null, unschedulable(ago(20)))],
    verdict: 'unschedulable',
    says: '1 Insufficient memory',
  },
  {
    it: 'gives the scheduler time after the run wrote',
    props: [...rolling, pod('ReplicaSet/app-2', null, unschedulable(ago(200)))],
    since: 3,
    verdict: 'waiting',
  },
  {
    it: 'fails with a volume that names what is not there',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', waitingFor('ContainerCreating')),
      event(
        'Pod/app-x',
        'FailedMount',
        'MountVolume.SetUp failed for volume "c" : configmap "settings" not found',
        ago(2),
      ),
    ],
    verdict: 'failed-mount',
    says: 'configmap "settings" not found',
    fakeOnly: true,
  },
  {
    it: 'names a disk that is still in use elsewhere, and waits for it',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', waitingFor('ContainerCreating')),
      event('Pod/app-x', 'FailedAttachVolume', 'Multi-Attach error for volume "v"', ago(2)),
    ],
    verdict: 'waiting',
    says: 'Pod NS/app-x, FailedAttachVolume: Multi-Attach error for volume "v"',
    fakeOnly: true,
  },
  {
    it: 'names the probe that fails, and waits: a program may start slowly',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', running, { phase: 'Running', conditions: [unready] }),
      event('Pod/app-x', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', ago(2)),
    ],
    verdict: 'waiting',
    says: 'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503',
    fakeOnly: true,
  },
  {
    it: 'forgets a warning from before a container started',
    props: [
      ...rolling,
      pod('ReplicaSet/app-2', running, { phase: 'Running', conditions: [unready] }),
      event(
        'Pod/app-x',
        'FailedMount',
        'MountVolume.SetUp failed for volume "c" : configmap "settings" not found',
        ago(40),
      ),
    ],
    verdict: 'waiting',
    says: '1 of 1 pods to be ready',
    fakeOnly: true,
  },
  {
    it: 'is there for a pod that serves',
    props: [pod(undefined, running, { phase: 'Running', conditions: [condition('Ready', 'True')] })],
    verdict: 'ready',
  },
  { it: 'is there for a pod that ended well', props: [pod(undefined, null, { phase: 'Succeeded' })], verdict: 'ready' },
  {
    it: 'fails with a pod that ended badly',
    props: [pod(undefined, null, { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' })],
    verdict: 'pod-failed',
    says: 'The node was low on memory',
  },
];
