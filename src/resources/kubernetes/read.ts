import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../model/kube.ts';
import type { Reading } from '../../model/resource.ts';
import { type ObjectId, titleOf } from './id.ts';
import type { Live } from './live.ts';

export async function readObject(id: ObjectId, from: KubeReader): Promise<Reading<Live>> {
  try {
    return readNow(await from.get(id));
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    const why = error.diagnostics[0] ?? problem('unreadable', `${titleOf(id)} could not be read`);
    return { is: 'unreadable', why };
  }
}

/** The same object by another version of its API, where the server no longer serves the one that it was made with. */
export async function servedNow(id: ObjectId, from: KubeReader): Promise<ObjectId | null> {
  const alike = (await from.kinds()).filter(
    (one) => one.kind === id.kind && groupOf(one.apiVersion) === groupOf(id.apiVersion),
  );
  const [other] = alike;
  return !other || alike.some(({ apiVersion }) => apiVersion === id.apiVersion)
    ? null
    : { ...id, apiVersion: other.apiVersion };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** A reading of what the server just said. */
export function readNow(object: KubeObject | null): Reading<Live> {
  return object ? { is: 'present', live: { object } } : { is: 'absent' };
}
