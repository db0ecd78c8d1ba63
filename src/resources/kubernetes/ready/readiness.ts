import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Look } from '../../../model/ready.ts';
import type { Readiness } from '../../../model/resource.ts';
import { textAt } from '../compare/json.ts';
import { groupOf } from '../id.ts';
import { blockersOf } from '../stuck.ts';
import { applicationReadiness } from './application.ts';
import { byCondition } from './by-conditions.ts';
import { certificateReadiness } from './certificate.ts';
import { claimReadiness } from './claim.ts';
import { findCondition } from './conditions.ts';
import { customReadiness, unknownReadiness } from './custom.ts';
import { gatewayReadiness, routeReadiness } from './gateway.ts';
import { jobReadiness } from './job.ts';
import { type Looking, lookingThrough, suspect } from './looking.ts';
import { ingressReadiness, serviceReadiness } from './network.ts';
import { podReadiness } from './pod.ts';
import { autoscalerReadiness, budgetReadiness } from './policy.ts';
import { cronWorkflowReadiness, workflowReadiness } from './workflow.ts';
import { workloadReadiness } from './workload.ts';

type Judge = (object: KubeObject, looking: Looking) => Readiness | Promise<Readiness>;

const judges: Readonly<Record<string, Judge>> = {
  'apps/Deployment': workloadReadiness,
  'apps/StatefulSet': workloadReadiness,
  'apps/DaemonSet': workloadReadiness,
  'apps/ReplicaSet': workloadReadiness,
  'batch/Job': jobReadiness,
  '/Pod': podReadiness,
  '/PersistentVolumeClaim': claimReadiness,
  '/Namespace': namespaceReadiness,
  '/Service': serviceReadiness,
  'networking.k8s.io/Ingress': ingressReadiness,
  'gateway.networking.k8s.io/Gateway': gatewayReadiness,
  'gateway.networking.k8s.io/HTTPRoute': routeReadiness,
  'gateway.networking.k8s.io/GRPCRoute': routeReadiness,
  'gateway.networking.k8s.io/TLSRoute': routeReadiness,
  'cert-manager.io/Certificate': certificateReadiness,
  'cert-manager.io/Issuer': (issuer, looking) => byCondition(issuer, 'Ready', looking),
  'cert-manager.io/ClusterIssuer': (issuer, looking) => byCondition(issuer, 'Ready', looking),
  'argoproj.io/Workflow': workflowReadiness,
  'argoproj.io/CronWorkflow': cronWorkflowReadiness,
  'argoproj.io/Application': (app, looking) => applicationReadiness(app, looking, readiness),
  'autoscaling/HorizontalPodAutoscaler': autoscalerReadiness,
  'policy/PodDisruptionBudget': budgetReadiness,
  'apiregistration.k8s.io/APIService': (service, looking) => byCondition(service, 'Available', looking),
  'apiextensions.k8s.io/CustomResourceDefinition': definitionReadiness,
};

/** Whether an object does its work, or why it won't. Kinds that just are, are ready. */
export async function readiness(object: KubeObject, from: KubeReader, look: Look = {}): Promise<Readiness> {
  if (look.when) return customReadiness(object, look.when);
  const group = groupOf(object.apiVersion);
  const judge = judges[`${group}/${object.kind}`];
  const looking = lookingThrough(from, look);
  if (judge) return judge(object, looking);
  const isDefinedByOthers = group.includes('.') && !group.endsWith('.k8s.io');
  return isDefinedByOthers ? unknownReadiness(object, looking) : { is: 'ready' };
}

async function namespaceReadiness(namespace: KubeObject, { from }: Looking): Promise<Readiness> {
  if (textAt(namespace, 'status', 'phase') !== 'Terminating') return { is: 'ready' };
  const [first, ...more] = await blockersOf(namespace, from);
  const on = 'its deletion to end';
  const summary = `Namespace ${namespace.metadata.name} is still being deleted: ${first}`;
  return first === undefined ? { is: 'waiting', on } : suspect(problem('kube-stuck', summary, { detail: more }));
}

function definitionReadiness(definition: KubeObject): Readiness {
  const names = findCondition(definition.status, 'NamesAccepted');
  if (names?.status === 'False') {
    return {
      is: 'failed',
      why: problem('not-accepted', `CustomResourceDefinition ${definition.metadata.name}: ${names.message}`),
    };
  }
  const established = findCondition(definition.status, 'Established')?.status === 'True';
  return established ? { is: 'ready' } : { is: 'waiting', on: 'the server to serve it' };
}
