import type { Endpoints, EndpointTarget, EndpointType } from '../../model/endpoint.ts';
import type { ClusterTarget, HostTarget } from '../../model/project.ts';
import { didYouMean } from '../nearest.ts';
import type { Component } from '../playbook/playbook.ts';
import type { Files } from '../yaml/files.ts';
import { nodeAt } from '../yaml/node.ts';
import { becomeOf, type HostVariables } from './become.ts';
import { connectionOf } from './connection.ts';
import type { Groups } from './groups.ts';
import { type Inventory, nearestCluster } from './inventory.ts';
import type { Layers } from './layers.ts';
import { matchPattern } from './pattern.ts';

/** The cluster that a component names; undefined where it names none, or one that doesn't exist, which is noted. */
export function clusterOf(files: Files, inventory: Inventory, { cluster }: Component): ClusterTarget | undefined {
  if (!cluster) return undefined;
  const found = inventory.clusters.get(cluster.text);
  if (found) return found.target;
  const summary = `the cluster "${cluster.text}" is not in ${inventory.shown}/clusters.yaml`;
  files.problems.error('unknown-cluster', summary, cluster.source, nearestCluster(inventory, cluster.text));
  return undefined;
}

/**
 * The services that a component names, by type; one of another name, or of another type, is noted. An inventory that has none of a type
 * leaves them to those who do: a step that needs one is told when it is compiled.
 */
export function endpointsOf(files: Files, { endpoints, shown }: Inventory, component: Component): Endpoints {
  const found: Partial<Record<EndpointType, EndpointTarget>> = {};
  for (const [type, { text, source }] of component.endpoints) {
    const all = [...endpoints].filter(([, entry]) => entry.type === type).map(([name]) => name);
    const target = all.includes(text) ? endpoints.get(text)?.target() : null;
    if (target) found[type] = target;
    if (all.includes(text) || (all.length === 0 && !endpoints.has(text))) continue;
    const help = didYouMean(text, all, `${shown}/endpoints.yaml`);
    files.problems.error('unknown-endpoint', `no ${type} is called "${text}" in ${shown}/endpoints.yaml`, source, help);
  }
  return found;
}

/** Names of the hosts that a component's pattern means, in the inventory's order; matching none is noted. */
export function hostsOf(files: Files, inventory: Inventory, groups: Groups, { hosts }: Component): readonly string[] {
  if (!hosts) return [];
  const world = { hosts: new Set(inventory.hosts.keys()), groups: groups.members() };
  const { matched, unknown } = matchPattern(hosts.text, world);
  for (const name of unknown) {
    const help = didYouMean(name, [...world.groups.keys(), ...world.hosts], `${inventory.shown}/hosts.yaml`);
    files.problems.error('unknown-host', `no host or group is called "${name}"`, hosts.source, help);
  }
  if (matched.size === 0 && unknown.length === 0) {
    files.problems.error(
      'unknown-host',
      `the hosts "${hosts.text}" are none`,
      hosts.source,
      'put hosts into the group, or take the component out',
    );
  }
  return [...matched];
}

/** A host as a target; null where it can't be one, which is noted. */
export function hostTarget(
  files: Files,
  inventory: Inventory,
  layers: Layers,
  name: string,
  component: Component,
): HostTarget | null {
  const values = layers.ofHost(name, component);
  const variables: HostVariables = {
    value: (key) => {
      const node = values.tree.entries.get(key)?.node;
      return node && values.of(node);
    },
    place: (key) => nodeAt(values.tree, [key])?.source ?? inventory.hosts.get(name)?.source,
  };
  const way = connectionOf({ files, inventory }, name, variables);
  const become = becomeOf(files, name, variables);
  if (become === undefined || way === null) return null;
  return { kind: 'host', name, ...way, ...(become ? { become } : {}) };
}
