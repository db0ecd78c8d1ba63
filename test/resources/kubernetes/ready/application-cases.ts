import type { Fields } from '../../../../src/resources/kubernetes/compare/json.ts';
import { type Case, condition, crashed, type Prop, pod, work } from './case.ts';
import { ago } from './stage.ts';

const apiVersion = 'argoproj.io/v1alpha1';
const source = { repoURL: 'ssh://git.example/shop.git', path: 'web', targetRevision: 'main' };
const wished = 'a'.repeat(40);
const other = 'b'.repeat(40);
const app = (status: Fields, annotations: Readonly<Record<string, string>> = {}, spec: Fields = {}): Prop => ({
  apiVersion,
  kind: 'Application',
  annotations,
  spec: {
    project: 'default',
    source,
    destination: { server: 'https://kubernetes.default.svc', namespace: 'NS' },
    syncPolicy: { automated: {} },
    ...spec,
  },
  status,
});
const sync = (status: string, revision = wished): Fields => ({ status, revision, comparedTo: { source } });
const healthy = { health: { status: 'Healthy' } };
const at = (revision: string) => ({ 'cairn/revision': revision });
const problemOf = (type: string, message: string): Fields => ({ type, message, lastTransitionTime: ago(5) });

export const applicationCases: readonly Case[] = [
  {
    it: 'fails with what the controller says of a CronWorkflow',
    props: [
      {
        apiVersion,
        kind: 'CronWorkflow',
        spec: { schedules: ['soon'] },
        status: { conditions: [condition('SpecError', 'True', '', 'cron schedule soon is malformed')] },
      },
    ],
    verdict: 'not-accepted',
    says: 'cron schedule soon is malformed',
  },
  { it: 'is there for an Application', props: [app({ sync: sync('Synced'), ...healthy })], verdict: 'ready' },
  {
    it: 'is there for an Application at the revision that is wished',
    props: [app({ sync: sync('Synced'), ...healthy }, at(wished))],
    verdict: 'ready',
  },
  {
    it: 'waits for Argo CD',
    props: [app({})],
    verdict: 'waiting',
    says: 'Argo CD to look at it',
  },
  {
    it: 'waits for Argo CD to see another source',
    props: [app({ sync: { ...sync('Synced'), comparedTo: { source: { ...source, path: 'old' } } }, ...healthy })],
    verdict: 'waiting',
    says: 'Argo CD to look at it',
  },
  {
    it: 'waits for a refresh that was asked for',
    props: [app({ sync: sync('Synced'), ...healthy }, { 'argocd.argoproj.io/refresh': 'normal' })],
    verdict: 'waiting',
    says: 'Argo CD to look at it',
  },
  {
    it: 'waits for the revision that was just pushed',
    props: [app({ sync: sync('Synced', other), ...healthy, reconciledAt: ago(900) }, at(wished))],
    since: 600,
    verdict: 'waiting',
    says: `revision ${wished.slice(0, 12)}; it is at ${other.slice(0, 12)}`,
  },
  {
    it: 'is there for an Application that went on from the revision that is wished',
    props: [app({ sync: sync('Synced', other), ...healthy, history: [{ revision: wished }] }, at(wished))],
    since: 600,
    verdict: 'ready',
  },
  {
    it: 'is there for an Application that was looked at after a push on top of ours',
    props: [app({ sync: sync('Synced', other), ...healthy, reconciledAt: ago(300) }, at(wished))],
    since: 600,
    verdict: 'ready',
  },
  {
    it: 'waits for a sync, and names what is behind',
    props: [app({ sync: sync('OutOfSync'), resources: [{ kind: 'Deployment', name: 'web', status: 'OutOfSync' }] })],
    verdict: 'waiting',
    says: 'its sync: Deployment web',
  },
  {
    it: 'says that nothing syncs it',
    props: [app({ sync: sync('OutOfSync') }, {}, { syncPolicy: {} })],
    verdict: 'waiting',
    says: 'nothing syncs it by itself',
  },
  {
    it: 'fails with what can not be synced',
    props: [
      app({
        sync: sync('OutOfSync'),
        operationState: {
          phase: 'Failed',
          message: 'one or more objects failed to apply',
          finishedAt: ago(300),
          syncResult: {
            resources: [{ kind: 'Service', name: 'web', status: 'SyncFailed', message: 'spec.ports: Required value' }],
          },
        },
      }),
    ],
    since: 600,
    verdict: 'sync-failed',
    says: 'one or more objects failed to apply',
    detail: ['Service web: spec.ports: Required value'],
  },
  {
    it: 'names what can not be synced while Argo CD tries it again',
    props: [
      app({
        sync: sync('OutOfSync'),
        operationState: {
          phase: 'Running',
          message: 'one or more objects failed to apply. Retrying attempt #2 at 7:14PM.',
          syncResult: {
            resources: [{ kind: 'Service', name: 'web', status: 'SyncFailed', message: 'spec.ports: Required value' }],
          },
        },
      }),
    ],
    verdict: 'waiting',
    says: 'Retrying attempt #2',
    detail: ['Service web: spec.ports: Required value'],
  },
  {
    it: 'waits for another sync where the one that failed is older than what was written',
    props: [app({ sync: sync('OutOfSync'), operationState: { phase: 'Failed', message: 'no', finishedAt: ago(900) } })],
    since: 600,
    verdict: 'waiting',
    says: 'another try; before, Application NS/app',
  },
  {
    it: 'fails with what is wrong with an Application itself',
    props: [
      app({
        sync: { status: 'Unknown', comparedTo: { source } },
        conditions: [problemOf('InvalidSpecError', 'project shop does not exist')],
      }),
    ],
    verdict: 'not-accepted',
    says: 'project shop does not exist',
  },
  {
    it: 'fails with what is wrong with an Application also where it was compared when it was another',
    props: [
      app({
        sync: { status: 'Unknown', comparedTo: { source: { ...source, path: 'older' } } },
        conditions: [problemOf('InvalidSpecError', 'project shop does not permit this repository')],
      }),
    ],
    verdict: 'not-accepted',
    says: 'does not permit this repository',
  },
  {
    it: 'names a repository that can not be reached',
    props: [
      app({
        sync: { status: 'Unknown', comparedTo: { source } },
        conditions: [problemOf('ComparisonError', 'failed to list refs: connection refused')],
      }),
    ],
    verdict: 'waiting',
    says: 'failed to list refs: connection refused',
  },
  {
    it: 'waits for what an Application deploys',
    props: [app({ sync: sync('Synced'), health: { status: 'Progressing' } })],
    verdict: 'waiting',
    says: 'what it deploys',
  },
  {
    it: 'names what Argo CD says of bad health',
    props: [app({ sync: sync('Synced'), health: { status: 'Degraded', message: 'quota exceeded' } })],
    verdict: 'waiting',
    says: 'is Degraded: quota exceeded',
  },
  {
    it: 'fails with the log of what an Application deployed',
    props: [
      app({
        sync: sync('Synced'),
        health: { status: 'Progressing' },
        resources: [
          {
            group: 'apps',
            version: 'v1',
            kind: 'StatefulSet',
            namespace: 'default',
            name: 'app',
            health: { status: 'Progressing' },
          },
        ],
      }),
      work('StatefulSet', { replicas: 1, updateRevision: 'app-1', currentRevision: 'app-1' }),
      pod('StatefulSet/app', crashed(ago(5)), { phase: 'Running' }, { log: ['no password'] }),
    ],
    verdict: 'crash-loop',
    says: 'exit code 1',
    detail: ['no password'],
    fakeOnly: true,
  },
];
