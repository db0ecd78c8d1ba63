import { type Case, condition, event, type Prop } from './case.ts';
import { ago } from './stage.ts';

const balanced = { type: 'LoadBalancer', selector: { app: 'app' }, ports: [{ port: 80 }] };
const service = (status: unknown): Prop => ({ apiVersion: 'v1', kind: 'Service', spec: balanced, status });
const scaler = (...conditions: readonly unknown[]): Prop => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' } },
  status: { desiredReplicas: 0, currentReplicas: 0, conditions },
});
const budget = (observedGeneration: number, conditions: readonly unknown[]): Prop => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'app' } } },
  status: {
    observedGeneration,
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    conditions,
  },
});
const ingress = (name: string): Prop => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  spec: { ingressClassName: name, defaultBackend: { service: { name: 'app', port: { number: 80 } } } },
});
const job = (status: unknown, more: Readonly<Record<string, unknown>> = {}): Prop => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } }, ...more },
  status,
});
const noMetrics =
  'failed to get cpu utilization: the server could not find the requested resource (get pods.metrics.k8s.io)';

export const otherCases: readonly Case[] = [
  {
    it: 'is there for a Service with an address',
    props: [service({ loadBalancer: { ingress: [{ ip: '10.1.1.1' }] } })],
    verdict: 'ready',
  },
  {
    it: 'waits for a load balancer',
    props: [service({ loadBalancer: {} })],
    verdict: 'waiting',
    says: 'an address from the load balancer',
  },
  {
    it: 'fails with what the cloud says again and again',
    props: [
      service({ loadBalancer: {} }),
      event('Service/app', 'SyncLoadBalancerFailed', 'quota of addresses is used up', ago(2), { count: 4 }),
    ],
    verdict: 'no-address',
    says: 'quota of addresses is used up',
  },
  {
    it: 'is there for an Ingress whose class is',
    props: [
      ingress('nginx'),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        name: 'nginx',
        clusterWide: true,
        spec: { controller: 'k8s.io/nginx' },
      },
    ],
    verdict: 'ready',
  },
  {
    it: 'fails with the class of an Ingress that nobody made',
    props: [ingress('nobody')],
    verdict: 'no-class',
    says: 'Ingress NS/app: its class nobody does not exist',
    fakeOnly: true,
  },
  {
    it: 'gives the class of an Ingress a moment',
    props: [ingress('nobody')],
    since: 2,
    verdict: 'waiting',
    says: 'its class nobody does not exist',
  },
  {
    it: 'is there for an autoscaler that has figures',
    props: [scaler(condition('AbleToScale', 'True'), condition('ScalingActive', 'True'))],
    verdict: 'ready',
  },
  {
    it: 'is there for an autoscaler of nothing',
    props: [scaler(condition('AbleToScale', 'True'), condition('ScalingActive', 'False', 'ScalingDisabled', 'zero'))],
    verdict: 'ready',
  },
  {
    it: 'waits for the figures of new pods',
    props: [
      scaler(
        condition('AbleToScale', 'True'),
        condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics returned', ago(60)),
      ),
    ],
    verdict: 'waiting',
    says: 'no metrics returned',
  },
  {
    it: 'fails where nobody gives figures',
    props: [
      scaler(
        condition('AbleToScale', 'True'),
        condition('ScalingActive', 'False', 'FailedGetResourceMetric', noMetrics, ago(30)),
      ),
    ],
    verdict: 'not-accepted',
    says: 'could not find the requested resource',
  },
  {
    it: 'fails with what an autoscaler does not find',
    props: [scaler(condition('AbleToScale', 'False', 'FailedGetScale', 'deployments.apps "app" not found', ago(30)))],
    verdict: 'not-accepted',
    says: 'deployments.apps "app" not found',
  },
  {
    it: 'is there for a budget that is counted for',
    props: [budget(1, [condition('DisruptionAllowed', 'False', 'InsufficientPods', '', ago(1))])],
    verdict: 'ready',
  },
  { it: 'waits for a budget to be counted for', props: [budget(0, [])], verdict: 'waiting' },
  {
    it: 'is there for a Job that completed',
    props: [
      job({
        succeeded: 1,
        startTime: ago(9),
        completionTime: ago(1),
        conditions: [condition('SuccessCriteriaMet', 'True'), condition('Complete', 'True')],
      }),
    ],
    verdict: 'ready',
  },
  { it: 'waits for a Job', props: [job({ active: 1 })], verdict: 'waiting', says: 'its pod' },
  { it: 'is there for a Job that is to be suspended', props: [job({}, { suspend: true })], verdict: 'ready' },
  {
    it: 'fails with the reason of a Job',
    props: [
      job({
        failed: 1,
        startTime: ago(9),
        conditions: [
          condition('FailureTarget', 'True', 'DeadlineExceeded'),
          condition('Failed', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
        ],
      }),
    ],
    verdict: 'job-failed',
    says: 'Job NS/app failed: Job was active longer than specified deadline',
  },
  {
    it: 'is there for a CronJob at once',
    props: [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } } },
          },
        },
      },
    ],
    verdict: 'ready',
  },
];
