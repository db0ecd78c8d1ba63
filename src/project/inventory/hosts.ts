import type { Source } from '../../model/diagnostic.ts';
import { mergeMaps } from '../vars/merge.ts';
import { checkKeys, mapField, wrongType } from '../yaml/fields.ts';
import { type Files, readMap } from '../yaml/files.ts';
import { type MapNode, mapNode, type Node } from '../yaml/node.ts';
import { expandRange } from './pattern.ts';

/** A group as it was written, with what its files add to its variables. */
export interface Group {
  readonly name: string;
  readonly source: Source;
  readonly children: Set<string>;
  /** Its own hosts, without those of its children. */
  readonly hosts: Set<string>;
  vars: MapNode;
}

export interface Host {
  readonly name: string;
  readonly source: Source;
  vars: MapNode;
}

export interface Hosts {
  readonly groups: Map<string, Group>;
  readonly hosts: Map<string, Host>;
}

/** An inventory in which only `all` exists. */
export function emptyHosts(source: Source): Hosts {
  const all: Group = { name: 'all', source, children: new Set(), hosts: new Set(), vars: mapNode(source, 'group') };
  return { groups: new Map([['all', all]]), hosts: new Map() };
}

/** Reads `hosts.yaml`, in the form of Ansible's YAML inventories. */
export function readHosts(files: Files, file: string): Hosts {
  const map = readMap(files, file, 'group');
  const found = emptyHosts(map?.source ?? { file, line: 1, column: 1 });
  const reader = new HostsReader(files, found);
  for (const [name, { key, node }] of map?.entries ?? []) {
    reader.group(name, key, node);
    if (name !== 'all') found.groups.get('all')?.children.add(name);
  }
  reader.cutCycles();
  return found;
}

class HostsReader {
  readonly #files: Files;
  readonly #found: Hosts;
  // Where each child is named, for the report of a cycle.
  readonly #edges = new Map<string, Source>();

  constructor(files: Files, found: Hosts) {
    this.#files = files;
    this.#found = found;
  }

  group(name: string, source: Source, node: Node): void {
    const group = this.#groupNamed(name, source);
    if (node.is === 'scalar' && node.value === null) return;
    if (node.is !== 'map') {
      wrongType(this.#files, `the group "${name}"`, 'a map of hosts, children and vars', node);
      return;
    }
    checkKeys(this.#files, node, ['hosts', 'children', 'vars'], `the group "${name}"`);
    const vars = mapField(this.#files, node, 'vars');
    if (vars) group.vars = mergeMaps(group.vars, vars);
    for (const [child, entry] of mapField(this.#files, node, 'children')?.entries ?? []) {
      group.children.add(child);
      this.#edges.set(`${name} ${child}`, entry.key);
      this.group(child, entry.key, entry.node);
    }
    this.#hosts(group, node);
  }

  #hosts(group: Group, node: MapNode): void {
    for (const [range, entry] of mapField(this.#files, node, 'hosts')?.entries ?? []) {
      if (entry.node.is !== 'map' && !(entry.node.is === 'scalar' && entry.node.value === null)) {
        wrongType(this.#files, `the host "${range}"`, 'a map of its variables', entry.node);
      }
      for (const name of expandRange(range)) {
        group.hosts.add(name);
        this.#host(name, entry.key, entry.node.is === 'map' ? entry.node : undefined);
      }
    }
  }

  #host(name: string, source: Source, own: MapNode | undefined): void {
    const vars = own && asHostLayer(own);
    const host = this.#found.hosts.get(name);
    if (!host) this.#found.hosts.set(name, { name, source, vars: vars ?? mapNode(source, 'host') });
    else if (vars) host.vars = mergeMaps(host.vars, vars);
  }

  #groupNamed(name: string, source: Source): Group {
    const known = this.#found.groups.get(name);
    if (known) return known;
    const group: Group = { name, source, children: new Set(), hosts: new Set(), vars: mapNode(source, 'group') };
    this.#found.groups.set(name, group);
    return group;
  }

  cutCycles(): void {
    const done = new Set<string>();
    for (const name of this.#found.groups.keys()) this.#visit(name, [], done);
  }

  #visit(name: string, above: readonly string[], done: Set<string>): void {
    if (done.has(name)) return;
    const group = this.#found.groups.get(name);
    const path = [...above, name];
    for (const child of group?.children ?? []) {
      if (!path.includes(child)) {
        this.#visit(child, path, done);
        continue;
      }
      group?.children.delete(child);
      const circle = [...path.slice(path.indexOf(child)), child].join(' > ');
      const summary = `the group "${child}" contains itself: ${circle}`;
      this.#files.problems.error('group-cycle', summary, this.#edges.get(`${name} ${child}`), 'take one of them out');
    }
    done.add(name);
  }
}

// Variables beside a host stand in hosts.yaml, whose other variables belong to groups.
function asHostLayer(map: MapNode): MapNode {
  const entries = [...map.entries].map(([key, entry]) => {
    const node = entry.node.is === 'map' ? asHostLayer(entry.node) : { ...entry.node, layer: 'host' as const };
    return [key, { key: entry.key, node }] as const;
  });
  return { ...map, layer: 'host', entries: new Map(entries) };
}
