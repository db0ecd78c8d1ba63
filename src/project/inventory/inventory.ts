import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../nearest.ts';
import { type Files, pathFrom, readMap, shown, startOf } from '../yaml/files.ts';
import type { Node } from '../yaml/node.ts';
import { type ClusterEntry, readClusters } from './clusters.ts';
import { type EndpointEntry, readEndpoints } from './endpoints.ts';
import { emptyHosts, type Hosts, readHosts } from './hosts.ts';
import { addVarsFiles } from './vars-files.ts';

/** An inventory folder, read. */
export interface Inventory extends Hosts {
  /** Absolute. */
  readonly folder: string;
  /** As people name it: `inventory/local`. */
  readonly shown: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly endpoints: ReadonlyMap<string, EndpointEntry>;
  /** Its `journal.yaml`. */
  readonly journal: Node | undefined;
}

/** Reads an inventory folder; null where there is none. */
export function readInventory(files: Files, named: string): Inventory | null {
  const folder = pathFrom(files, named);
  if (!existsSync(folder)) {
    files.problems.error(
      'no-inventory',
      `the inventory ${named} does not exist`,
      undefined,
      'name a folder with -i, or in cairn.yaml',
    );
    return null;
  }
  const hosts = existsSync(join(folder, 'hosts.yaml'))
    ? readHosts(files, join(folder, 'hosts.yaml'))
    : emptyHosts(startOf(files, folder));
  addVarsFiles(files, folder, hosts);
  const clusters = readClusters(files, join(folder, 'clusters.yaml'));
  const endpoints = readEndpoints(files, join(folder, 'endpoints.yaml'), clusters);
  const journal = readJournalFile(files, folder);
  return { folder, shown: shown(files, folder), ...hosts, clusters, endpoints, journal };
}

function readJournalFile(files: Files, folder: string): Node | undefined {
  const file = join(folder, 'journal.yaml');
  return existsSync(file) ? (readMap(files, file) ?? undefined) : undefined;
}

/** The help for a cluster that isn't in the inventory. */
export function nearestCluster(inventory: Inventory, name: string): string | undefined {
  return didYouMean(name, inventory.clusters.keys(), `${inventory.shown}/clusters.yaml`);
}
