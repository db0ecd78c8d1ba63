import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';

/** Whether an object does its work, or why it won't. */
export function readiness(_object: KubeObject, _from: KubeReader): Promise<Readiness> {
  return Promise.resolve({ is: 'ready' });
}
