import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { textAt } from '../json.ts';

/** What the cluster warned about an object, newest first, each once: `ProvisioningFailed: …`. */
export async function warningsOf(object: KubeObject, from: KubeReader): Promise<readonly string[]> {
  const { namespace, uid } = object.metadata;
  if (namespace === undefined || uid === undefined) return [];
  const events = await from.list({
    apiVersion: 'v1',
    kind: 'Event',
    namespace,
    fieldSelector: `involvedObject.uid=${uid},type=Warning`,
  });
  const newestFirst = events.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  return [...new Set(newestFirst.map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`))];
}

function timeOf(event: KubeObject): string {
  return textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp ?? '';
}
