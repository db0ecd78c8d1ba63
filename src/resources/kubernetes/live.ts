import type { KubeObject } from '../../model/kube.ts';
import type { Codec } from '../../model/resource.ts';
import type { Clash } from './apply/clash.ts';
import { annotations } from './apply/marks.ts';

/** The full image of an object. */
export interface Live {
  readonly object: KubeObject;
  /** Only on what `merge` returns: what the comparison has to know besides. */
  readonly notes?: MergeNotes;
}

export interface MergeNotes {
  readonly takeOver: readonly string[];
  /** Fields that the server refuses to change in place, with what it allows inside them. */
  readonly immutable: readonly { readonly path: string; readonly except: readonly string[] }[];
  /** Fields of others that have to go, because the server refuses them beside ours. */
  readonly clashes: readonly Clash[];
}

export const liveCodec: Codec<Live> = {
  encode: ({ object }) => object,
  decode: (stored) => ({ object: stored as KubeObject }),
};

/** The run that wrote an object last, by our annotation. */
export function lastRunOf({ object }: Live): string | undefined {
  return object.metadata.annotations?.[annotations.run];
}
