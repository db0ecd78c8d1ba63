import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { KubeReader } from '../../../model/kube.ts';
import type { Look } from '../../../model/ready.ts';
import type { Readiness } from '../../../model/resource.ts';

/** Anything but ready. */
export type Unready = Exclude<Readiness, { is: 'ready' }>;

/** Where to look, and from when on trouble counts. */
export interface Looking {
  readonly from: KubeReader;
  /** Milliseconds since 1970; what was seen before may be repaired by now. */
  readonly since: number;
}

export function lookingThrough(from: KubeReader, { since }: Look = {}): Looking {
  return { from, since: since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since) };
}

/**
 * Trouble that was seen since its cause may have been repaired is final; older trouble is waited for to come again.
 * @param seen ISO 8601, to the second; without it, now
 */
export function judge(why: Diagnostic, seen: string | undefined, since: number): Unready {
  const isOld = seen !== undefined && Date.parse(seen) + 1_000 < since;
  return isOld ? suspect(why, `another try; before, ${why.summary}`) : { is: 'failed', why };
}

/** Not final: it is named while it is waited for, and when the time is up. */
export function suspect(why: Diagnostic, on: string = why.summary): Unready {
  return { is: 'waiting', on, why };
}

/** The later of some ISO times; undefined when there is none. */
export function latest(...times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
