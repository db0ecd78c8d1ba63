import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Evidence } from '../../../model/ready.ts';
import { isFields, listAt, textAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { findCondition } from './conditions.ts';
import { eventsOf } from './events.ts';
import { podsOf as podsOfJob } from './job.ts';
import { lastLines, podName } from './pod-names.ts';
import { currentPods, newestSets } from './pods.ts';
import { podsOfWorkflow } from './workflow.ts';

const mostPods = 3;
const mostEvents = 30;
const mostLines = 200;
const longestLine = 1_000;
const longestStatus = 400;

/** Status and events of an object and of what it made, and the last lines of its pods that aren't well; of any where all are. */
export async function evidenceOf(object: KubeObject, from: KubeReader): Promise<readonly Evidence[]> {
  const pods = await podsBehind(object, from);
  const bad = pods.filter((pod) => !isWell(pod));
  const shown = (bad.length > 0 ? bad : pods).slice(0, mostPods);
  const makers = object.kind === 'Deployment' ? await newestSets(object, from) : [];
  const told = await Promise.all([object, ...makers, ...shown].map((one) => toldOf(one, from)));
  const logs = await Promise.all(shown.map((pod) => logsOf(pod, from)));
  return [...told.flat(), ...logs.flat()]
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({ title, lines: lines.map((line) => line.slice(0, longestLine)) }));
}

async function podsBehind(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  if (object.kind === 'Pod') return [object];
  if (object.kind === 'Workflow') return podsOfWorkflow(object, from);
  return object.kind === 'Job' ? podsOfJob(object, from) : currentPods(object, from);
}

function isWell(pod: KubeObject): boolean {
  return textAt(pod, 'status', 'phase') === 'Succeeded' || findCondition(pod.status, 'Ready')?.status === 'True';
}

// No spec: environment variables may hold what nobody should read later.
async function toldOf(object: KubeObject, from: KubeReader): Promise<readonly Evidence[]> {
  const title = titleOf(idOf(object));
  const status = object.status === undefined ? [] : JSON.stringify(object.status, null, 2).split('\n');
  const events = (await eventsOf(object, from)).slice(0, mostEvents).map(({ at, reason, message, count }) => {
    return `${at} ${reason}${count > 1 ? ` (${count} times)` : ''}: ${message}`;
  });
  return [
    { title: `status of ${title}`, lines: status.slice(0, longestStatus) },
    { title: `events of ${title}, newest first`, lines: events },
  ];
}

async function logsOf(pod: KubeObject, from: KubeReader): Promise<readonly Evidence[]> {
  const containers = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  const names = containers.filter(isFields).map(({ name }) => String(name));
  return Promise.all(
    names.map(async (name) => ({
      title: `log of ${podName(pod)}, container ${name}, its last ${mostLines} lines`,
      lines: await lastLines(pod, name, from, mostLines),
    })),
  );
}
