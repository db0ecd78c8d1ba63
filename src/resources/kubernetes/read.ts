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

/** A reading of what the server just said. */
export function readNow(object: KubeObject | null): Reading<Live> {
  return object ? { is: 'present', live: { object } } : { is: 'absent' };
}
