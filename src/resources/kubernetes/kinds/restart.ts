import { type Deferred, derive } from '../../../model/deferred.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ObjectOut } from '../out.ts';
import { keyedHash } from './hash.ts';

/**
 * Annotations for a pod template: its pods are made anew when the content of a ConfigMap or Secret changes, whoever changed
 * it, and when a run takes back what somebody wrote into it: a pod may have started meanwhile. For programs that read their
 * settings once, at their start.
 */
export function restartWhen(...settings: readonly Resource<Pick<ObjectOut, 'fingerprint'>>[]): {
  readonly 'cairn/settings': Deferred<string>;
} {
  const prints = settings.map(({ out }) => out.fingerprint);
  return { 'cairn/settings': derive(prints, (...all) => keyedHash('content', all)) };
}
