import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Look, Readiness } from '../../../model/resource.ts';
import { groupOf } from '../id.ts';
import { listAt, textAt } from '../json.ts';
import { claimReadiness } from './claim.ts';
import { findCondition } from './conditions.ts';
import { gatewayReadiness, routeReadiness } from './gateway.ts';
import { jobReadiness } from './job.ts';
import { lookingThrough } from './looking.ts';
import { podReadiness } from './pod.ts';
import { workloadReadiness } from './workload.ts';

const ready: Readiness = { is: 'ready' };

/** Whether an object does its work, or why it won't. Kinds that just are, are ready. */
export async function readiness(object: KubeObject, from: KubeReader, look: Look = {}): Promise<Readiness> {
  const looking = lookingThrough(from, look);
  switch (`${groupOf(object.apiVersion)}/${object.kind}`) {
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/DaemonSet':
    case 'apps/ReplicaSet':
      return workloadReadiness(object, looking);
    case 'batch/Job':
      return jobReadiness(object, looking);
    case '/Pod':
      return podReadiness(object, looking);
    case '/PersistentVolumeClaim':
      return claimReadiness(object, looking);
    case '/Namespace':
      return textAt(object, 'status', 'phase') === 'Terminating' ? { is: 'waiting', on: 'its deletion to end' } : ready;
    case '/Service':
      return serviceReadiness(object);
    case 'networking.k8s.io/Ingress':
      return ingressReadiness(object, from);
    case 'gateway.networking.k8s.io/Gateway':
      return gatewayReadiness(object);
    case 'gateway.networking.k8s.io/HTTPRoute':
      return routeReadiness(object);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return definitionReadiness(object);
    default:
      return ready;
  }
}

function serviceReadiness(service: KubeObject): Readiness {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return ready;
  const addresses = listAt(service, 'status', 'loadBalancer', 'ingress');
  return addresses.length > 0 ? ready : { is: 'waiting', on: 'an address from the load balancer' };
}

async function ingressReadiness(ingress: KubeObject, from: KubeReader): Promise<Readiness> {
  const name = textAt(ingress, 'spec', 'ingressClassName');
  if (name === undefined) return ready;
  const found = await from.get({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name });
  return found ? ready : { is: 'waiting', on: `ingress class ${name}, which does not exist` };
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
  return established ? ready : { is: 'waiting', on: 'the server to serve it' };
}
