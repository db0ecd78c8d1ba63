import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { at, isFields, textAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { findCondition } from './conditions.ts';
import { lastWords, problemOf } from './last-words.ts';
import { type Looking, suspect } from './looking.ts';
import { podsTrouble } from './pod-trouble.ts';

/** An Argo Workflow is ready when it succeeded; a failed one shows the last lines of the pod that failed. */
export async function workflowReadiness(workflow: KubeObject, looking: Looking): Promise<Readiness> {
  const phase = textAt(workflow, 'status', 'phase');
  if (phase === 'Succeeded') return { is: 'ready' };
  // Made to wait for somebody who lets it go on.
  if (at(workflow, 'spec', 'suspend') === true) return { is: 'ready' };
  if (failureOfWorkflow(workflow) !== null) return { is: 'failed', why: await whyFailed(workflow, looking.from) };
  if (phase === undefined) return { is: 'waiting', on: 'the workflow controller to look at it' };
  const running = (await podsOfWorkflow(workflow, looking.from)).filter((pod) => phaseOf(pod) !== 'Failed');
  const done = textAt(workflow, 'status', 'progress');
  const on = done === undefined ? 'its end' : `its end, ${done} done`;
  return (await podsTrouble(running, looking)) ?? { is: 'waiting', on };
}

/** An Argo CronWorkflow is ready unless its controller refuses what it would run. */
export function cronWorkflowReadiness(cron: KubeObject): Readiness {
  const title = titleOf(idOf(cron));
  const wrong = findCondition(cron.status, 'SpecError');
  if (wrong?.status === 'True') return { is: 'failed', why: problem('not-accepted', `${title}: ${wrong.message}`) };
  const late = findCondition(cron.status, 'SubmissionError');
  return late?.status === 'True' ? suspect(problem('not-accepted', `${title}: ${late.message}`)) : { is: 'ready' };
}

/** Why a workflow failed for good, null when it didn't. */
export function failureOfWorkflow(workflow: KubeObject): string | null {
  const phase = textAt(workflow, 'status', 'phase');
  if (phase !== 'Failed' && phase !== 'Error') return null;
  return textAt(workflow, 'status', 'message') ?? phase;
}

/** The pods of a workflow, those that ended too. */
export function podsOfWorkflow({ metadata }: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const labelSelector = `workflows.argoproj.io/workflow=${metadata.name}`;
  return from.list({ apiVersion: 'v1', kind: 'Pod', namespace: metadata.namespace ?? '', labelSelector });
}

async function whyFailed(workflow: KubeObject, from: KubeReader): Promise<ReturnType<typeof problem>> {
  const pods = await podsOfWorkflow(workflow, from);
  const failed = pods.filter((pod) => phaseOf(pod) === 'Failed');
  // The newest one: others before it may have been tried again.
  const pod = failed.toSorted((a, b) => bornAt(a) - bornAt(b)).at(-1);
  const node = nodeOf(workflow, pod);
  const step = textAt(node, 'displayName') ?? textAt(node, 'templateName');
  const said = textAt(node, 'message') ?? failureOfWorkflow(workflow) ?? 'it failed';
  const where = step === undefined || step === workflow.metadata.name ? '' : ` in ${step}`;
  const title = `${titleOf(idOf(workflow))} failed${where}: ${said}`;
  const words = (await lastWords(pod, from)).filter((line) => !ofExecutor.test(line));
  return problemOf('workflow-failed', { title, words });
}

// What Argo's executor adds to the log of the program that it runs, behind all that the program said.
const ofExecutor = /^time="[^"]+" level=\w+ .*\bargo=true\b|^Error: exit status \d+$/;

// Its pods may be gone by now: then what the controller noted of the last one that failed is all there is.
function nodeOf(workflow: KubeObject, pod: KubeObject | undefined): unknown {
  const nodes = at(workflow, 'status', 'nodes');
  const all = isFields(nodes) ? nodes : {};
  const id = pod?.metadata.annotations?.['workflows.argoproj.io/node-id'];
  if (id !== undefined && all[id] !== undefined) return all[id];
  const failed = Object.values(all).filter(
    (node) => textAt(node, 'type') === 'Pod' && /^(Failed|Error)$/.test(textAt(node, 'phase') ?? ''),
  );
  return failed.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
}

function endOf(node: unknown): number {
  return Date.parse(textAt(node, 'finishedAt') ?? '') || 0;
}

function bornAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function phaseOf(pod: KubeObject): string | undefined {
  return textAt(pod, 'status', 'phase');
}
