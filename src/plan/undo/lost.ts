import type { BaselineEntry } from '../../model/baseline.ts';
import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { OpenedTarget } from './undo.ts';

/** A host that doesn't answer, for people. */
export function unreachable(name: string, { summary, detail = [], help }: Diagnostic): Diagnostic {
  const more = { detail: [summary, ...detail], ...(help === undefined ? {} : { help }) };
  return problem('unreachable', `${name} can't be reached`, more);
}

/** Sets apart what lies on hosts that don't answer, with those hosts by target: `host:web1`. The journal keeps it for the next undo. */
export function setLostApart(
  baseline: readonly BaselineEntry[],
  places: readonly OpenedTarget[],
): { readonly baseline: readonly BaselineEntry[]; readonly lost: ReadonlyMap<string, Diagnostic> } {
  const lost = new Map<string, Diagnostic>();
  const within = baseline.filter((entry) => {
    const place = places.find(({ target }) => entry.target.startsWith(`${target.kind}:${target.name}/`));
    if (place?.target.kind !== 'host' || place.state.is !== 'unreachable') return true;
    lost.set(`host:${place.target.name}`, unreachable(place.target.name, place.state.why));
    return false;
  });
  return { baseline: within, lost };
}
