import type { KubeObject } from '../../../model/kube.ts';
import { isFields, listAt, textAt } from '../compare/json.ts';
import { addressOf, type ObjectId } from '../id.ts';

/** What Argo CD calls the cluster that it runs in. */
const ownCluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };

/** What an Application says that it has deployed, to whichever cluster. */
export function deployedBy(application: KubeObject): readonly ObjectId[] {
  return listAt(application, 'status', 'resources').filter(isFields).map(idOfDeployed);
}

/** The addresses of what it has deployed to the cluster that it stands in. */
export function deployedHere(application: KubeObject): readonly string[] {
  const { server, name } = ownCluster;
  const isHere =
    textAt(application, 'spec', 'destination', 'server') === server ||
    textAt(application, 'spec', 'destination', 'name') === name;
  return isHere ? deployedBy(application).map(addressOf) : [];
}

function idOfDeployed(resource: Readonly<Record<string, unknown>>): ObjectId {
  const group = textAt(resource, 'group') ?? '';
  const version = textAt(resource, 'version') ?? '';
  const namespace = textAt(resource, 'namespace');
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: textAt(resource, 'kind') ?? '',
    name: textAt(resource, 'name') ?? '',
    ...(namespace === undefined ? {} : { namespace }),
  };
}
