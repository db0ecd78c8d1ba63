import { mergeMaps, sharedPaths } from '../vars/merge.ts';
import type { Files } from '../yaml/files.ts';
import { type MapNode, mapNode, nodeAt } from '../yaml/node.ts';
import type { Group, Hosts } from './hosts.ts';

interface Ranked {
  readonly group: Group;
  /** Steps down from `all`, by the longest way. */
  readonly depth: number;
  readonly priority: number;
}

/** Who belongs to whom in an inventory, and whose variables are stronger. */
export class Groups {
  readonly #files: Files;
  readonly #hosts: Hosts;
  readonly #ranked: readonly Ranked[];
  readonly #members = new Map<string, ReadonlySet<string>>();
  readonly #groupsOf = new Map<string, Ranked[]>();
  readonly #vars = new Map<string, MapNode>();

  constructor(files: Files, hosts: Hosts) {
    this.#files = files;
    this.#hosts = hosts;
    const depths = depthsOf(hosts.groups);
    this.#ranked = [...hosts.groups.values()]
      .map((group) => ({ group, depth: depths.get(group.name) ?? 0, priority: priorityOf(group) }))
      .sort((a, b) => a.depth - b.depth || a.priority - b.priority || a.group.name.localeCompare(b.group.name));
    for (const ranked of this.#ranked) {
      for (const host of this.membersOf(ranked.group.name)) {
        const known = this.#groupsOf.get(host);
        if (known) known.push(ranked);
        else this.#groupsOf.set(host, [ranked]);
      }
    }
  }

  /** Hosts of a group and of all its children; `all` holds every host. */
  membersOf(name: string): ReadonlySet<string> {
    const known = this.#members.get(name);
    if (known) return known;
    const group = this.#hosts.groups.get(name);
    const members = new Set(name === 'all' ? this.#hosts.hosts.keys() : group?.hosts);
    if (name !== 'all')
      for (const child of group?.children ?? []) for (const host of this.membersOf(child)) members.add(host);
    this.#members.set(name, members);
    return members;
  }

  /** Every group with all its hosts. */
  members(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map(this.#ranked.map(({ group: { name } }) => [name, this.membersOf(name)]));
  }

  /** The variables that a host has from its groups, weakest first joined. */
  varsOfHost(host: string): MapNode {
    return this.#join(this.#groupsOf.get(host) ?? [], host);
  }

  /** The variables of a cluster: those of `all`, and of a group that is named like it. */
  varsOfCluster(cluster: string): MapNode {
    return this.#join(this.#ranked.filter(({ group: { name } }) => name === 'all' || name === cluster));
  }

  #join(ranked: readonly Ranked[], host?: string): MapNode {
    const key = ranked.map(({ group }) => group.name).join('\n');
    const known = this.#vars.get(key);
    if (known) return known;
    if (host !== undefined) this.#checkSiblings(host, ranked);
    const start = mapNode({ file: 'hosts.yaml', line: 1, column: 1 }, 'group');
    const vars = ranked.reduce((under, { group }) => mergeMaps(under, group.vars), start);
    this.#vars.set(key, vars);
    return vars;
  }

  #checkSiblings(host: string, ranked: readonly Ranked[]): void {
    for (const [index, strong] of ranked.entries()) {
      for (const weak of ranked.slice(0, index)) {
        if (weak.depth !== strong.depth || weak.priority !== strong.priority) continue;
        for (const path of sharedPaths(weak.group.vars, strong.group.vars)) this.#clash(host, path, weak, strong);
      }
    }
  }

  #clash(host: string, path: readonly string[], { group: a }: Ranked, { group: b }: Ranked): void {
    const [first, second] = [nodeAt(a.vars, path)?.source, nodeAt(b.vars, path)?.source];
    const also = first ? ` (also at ${first.file}:${first.line})` : '';
    const summary = `${path.join('.')} of ${host} is set by the groups ${a.name} and ${b.name}, and neither is stronger${also}`;
    const help = `set it in one of them or on the host, or rank them: ansible_group_priority: 2 in ${a.name} or ${b.name}`;
    this.#files.problems.error('sibling-clash', summary, second, help);
  }
}

function priorityOf({ vars }: Group): number {
  const node = vars.entries.get('ansible_group_priority')?.node;
  return node?.is === 'scalar' && typeof node.value === 'number' ? node.value : 1;
}

function depthsOf(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const visit = (name: string, depth: number): void => {
    if ((depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) visit(child, depth + 1);
  };
  visit('all', 0);
  for (const name of groups.keys()) if (!depths.has(name)) visit(name, 1);
  return depths;
}
