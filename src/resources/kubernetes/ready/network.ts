import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt, textAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { secondsSince } from './conditions.ts';
import { textOf, warningsOf } from './events.ts';
import { judge, type Looking, suspect } from './looking.ts';

/** Seconds in which the class of an Ingress may still be made. */
const classTime = 10;

/** A Service is ready at once; one of type LoadBalancer once it has an address. */
export async function serviceReadiness(service: KubeObject, { from, since }: Looking): Promise<Readiness> {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return { is: 'ready' };
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return { is: 'ready' };
  const [warning] = await warningsOf(service, from);
  const without = `${titleOf(idOf(service))} gets no address from a load balancer`;
  const nobody = problem('no-address', without, { help: 'the cluster needs something that gives addresses out' });
  if (!warning) return suspect(nobody, 'an address from the load balancer');
  const why = problem('no-address', `${without}: ${textOf(warning)}`);
  // A cloud is asked again and again; what names no way out is final.
  return warning.count >= 3 ? judge(why, warning.at, since) : suspect(why);
}

/** An Ingress is ready when its class is there: many controllers write no address. */
export async function ingressReadiness(ingress: KubeObject, { from, since }: Looking): Promise<Readiness> {
  const name = textAt(ingress, 'spec', 'ingressClassName');
  if (name === undefined) return { is: 'ready' };
  if (await from.get({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name })) return { is: 'ready' };
  const why = problem('no-class', `${titleOf(idOf(ingress))}: its class ${name} does not exist`, {
    help: 'kubectl get ingressclass shows those there are',
  });
  const age = Math.min(secondsSince(ingress.metadata.creationTimestamp), (Date.now() - since) / 1000);
  return age > classTime ? { is: 'failed', why } : suspect(why);
}
