import type { BaselineEntry, Between } from '../../model/baseline.ts';
import type { Entry } from '../../model/journal.ts';
import { type Layer, layersOf } from './layers.ts';

/**
 * Where undo returns to: for each address the oldest before-image since it was last taken back, or since its target was
 * cleared. Newest first, by the first intention of each. Pure.
 * @param target a target's id; left out: all
 */
export function baseline(entries: readonly Entry[], target?: string): readonly BaselineEntry[] {
  const standing = layersOf(entries).filter(([first]) => target === undefined || first?.target === target);
  return standing.map(sinceGivenBack).flatMap(entryOf).toReversed();
}

// What a run gave back, because no step declared it any more, was not ours until another one took it again.
function sinceGivenBack(layers: readonly Layer[]): readonly Layer[] {
  const last = layers
    .slice(0, -1)
    .findLastIndex(({ newest, after }) => newest.dropped === true && after.is === 'known');
  return layers.slice(last + 1);
}

/** What one run alone changed and nobody took back yet, newest first, whatever others did before it. Pure. */
export function baselineOfRun(entries: readonly Entry[], run: string): readonly BaselineEntry[] {
  const standing = layersOf(entries).map((layers) => layers.filter((layer) => layer.run === run));
  return standing.flatMap(entryOf).toReversed();
}

function entryOf(layers: readonly Layer[]): readonly BaselineEntry[] {
  const oldest = layers[0];
  const newest = layers.at(-1);
  if (!oldest || !newest) return [];
  const { type, title, id, want, kept, inside } = newest.newest;
  const dropped = newest.newest.dropped === true && oldest.first.dropped !== true;
  const { target, step, playbook, run } = oldest;
  const { address, before, typeVersion } = oldest.first;
  const place = { target, address, type, title, id, step, playbook, run };
  const images = { before, beforeVersion: typeVersion, after: newest.after, want };
  const between = betweenOf(layers);
  const told = {
    ...(between.length > 0 ? { between } : {}),
    ...(kept === undefined ? {} : { kept }),
    ...(inside === undefined ? {} : { inside }),
    ...(dropped ? { dropped } : {}),
    ...(newest.halfForgotten === undefined ? {} : { halfForgotten: newest.halfForgotten }),
  };
  return [{ ...place, ...images, ...told }];
}

function betweenOf(layers: readonly Layer[]): readonly Between[] {
  return layers.flatMap(({ after: left }, i): readonly Between[] => {
    const next = layers[i + 1];
    if (!next || left.is === 'unknown') return [];
    const found = { image: next.first.before, version: next.first.typeVersion };
    return [{ left, found, ...(next.after.is === 'known' ? { made: next.after } : {}) }];
  });
}
