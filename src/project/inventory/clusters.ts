import { existsSync } from 'node:fs';
import type { Source } from '../../model/diagnostic.ts';
import type { ClusterTarget } from '../../model/project.ts';
import { Secrets } from '../vars/secrets.ts';
import { broken, Values } from '../vars/values.ts';
import { checkKeys, given, mapField, textField } from '../yaml/fields.ts';
import { type Files, pathFrom, readMap } from '../yaml/files.ts';
import { type MapNode, mapNode } from '../yaml/node.ts';

export interface ClusterEntry {
  readonly target: ClusterTarget;
  readonly source: Source;
  /** Where `providedBy` stands. */
  readonly provider: Source | undefined;
}

const keys = ['kubeconfig', 'context', 'identity', 'providedBy'];

/** Reads `clusters.yaml`; an inventory without one has no clusters. */
export function readClusters(files: Files, file: string): ReadonlyMap<string, ClusterEntry> {
  const map = existsSync(file) ? readMap(files, file) : null;
  if (!map) return new Map();
  checkKeys(files, map, ['clusters'], 'clusters.yaml');
  const found = new Map<string, ClusterEntry>();
  for (const [name, { key, node }] of mapField(files, map, 'clusters')?.entries ?? []) {
    if (node.is !== 'map') {
      files.problems.error('wrong-type', `the cluster "${name}" needs a kubeconfig and a context`, key);
      continue;
    }
    const target = readCluster(files, name, node, key);
    if (target) found.set(name, { target, source: key, provider: node.entries.get('providedBy')?.node.source });
  }
  return found;
}

function readCluster(files: Files, name: string, map: MapNode, place: Source): ClusterTarget | null {
  checkKeys(files, map, keys, `the cluster "${name}"`);
  const kubeconfig = pathField(files, map, 'kubeconfig');
  const context = textField(files, map, 'context');
  const identity = textField(files, map, 'identity');
  const providedBy = textField(files, map, 'providedBy');
  for (const key of ['kubeconfig', 'context']) {
    if (given(map, key)) continue;
    const help = 'the current context of a user is never used unasked';
    files.problems.error('missing-variable', `the cluster "${name}" has no ${key}`, place, help);
  }
  if (kubeconfig === undefined || context === undefined) return null;
  return {
    kind: 'cluster',
    name,
    kubeconfig,
    context,
    ...(identity === undefined ? {} : { identity }),
    ...(providedBy === undefined ? {} : { providedBy }),
  };
}

// A path may be a template, of `state` and `cache`.
function pathField(files: Files, map: MapNode, key: string): string | undefined {
  const node = map.entries.get(key)?.node;
  if (node?.is !== 'template' && node?.is !== 'env') {
    const text = textField(files, map, key);
    return text === undefined ? undefined : pathFrom(files, text);
  }
  const value = new Values(mapNode(map.source, 'group'), files, new Secrets(files)).of(node);
  return value === broken ? undefined : pathFrom(files, String(value));
}
