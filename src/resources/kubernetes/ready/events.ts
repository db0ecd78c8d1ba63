import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { numberAt, textAt } from '../compare/json.ts';

/** What the cluster noted about an object. */
export interface Noted {
  readonly reason: string;
  readonly message: string;
  /** ISO 8601, of the last time it happened; empty when the cluster doesn't say. */
  readonly at: string;
  readonly count: number;
  readonly isWarning: boolean;
}

/** Events about an object, newest first. */
export async function eventsOf(object: KubeObject, from: KubeReader): Promise<readonly Noted[]> {
  const { namespace, uid } = object.metadata;
  if (uid === undefined) return [];
  const events = await from.list({
    apiVersion: 'v1',
    kind: 'Event',
    // Those about cluster-wide objects lie in `default`.
    namespace: namespace ?? 'default',
    fieldSelector: `involvedObject.uid=${uid}`,
  });
  return events.map(notedOf).toSorted((a, b) => b.at.localeCompare(a.at));
}

/** What the cluster warned about an object, newest first, each once. */
export async function warningsOf(object: KubeObject, from: KubeReader): Promise<readonly Noted[]> {
  const seen = new Set<string>();
  return (await eventsOf(object, from)).filter((event) => {
    const text = textOf(event);
    const isNew = event.isWarning && !seen.has(text);
    seen.add(text);
    return isNew;
  });
}

/** `ProvisioningFailed: …`. */
export function textOf({ reason, message }: Noted): string {
  return `${reason}: ${message}`;
}

function notedOf(event: KubeObject): Noted {
  return {
    reason: textAt(event, 'reason') ?? '',
    message: (textAt(event, 'message') ?? '').trim(),
    at:
      textAt(event, 'series', 'lastObservedTime') ??
      textAt(event, 'lastTimestamp') ??
      textAt(event, 'eventTime') ??
      event.metadata.creationTimestamp ??
      '',
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    isWarning: textAt(event, 'type') === 'Warning',
  };
}
