import type { Component, Playbook } from '../playbook/playbook.ts';
import { mergeMaps } from '../vars/merge.ts';
import type { Secrets } from '../vars/secrets.ts';
import { Values } from '../vars/values.ts';
import type { Files } from '../yaml/files.ts';
import { type MapNode, mapNode } from '../yaml/node.ts';
import type { Groups } from './groups.ts';
import type { Inventory } from './inventory.ts';

export interface LayersInput {
  readonly files: Files;
  readonly secrets: Secrets;
  readonly inventory: Inventory;
  readonly groups: Groups;
  /** Defaults of all roles that the playbook's steps use, each under its role's name. */
  readonly defaults: MapNode;
  /** From the command line. */
  readonly set: MapNode;
}

/** The variables of every target, with what each layer says. Targets that can't differ share one tree. */
export class Layers {
  readonly #input: LayersInput;
  readonly #shared = new Map<MapNode, Map<Component, Values>>();
  readonly #own = new Map<string, Map<Component, Values>>();

  constructor(input: LayersInput) {
    this.#input = input;
  }

  /** What a component's steps see on a cluster. */
  ofCluster(cluster: string, component: Component): Values {
    return this.#sharedValues(this.#input.groups.varsOfCluster(cluster), component);
  }

  /** What a component's steps see on a host. */
  ofHost(name: string, component: Component): Values {
    const group = this.#input.groups.varsOfHost(name);
    const own = this.#input.inventory.hosts.get(name)?.vars;
    if (!own || own.entries.size === 0) return this.#sharedValues(group, component);
    return remember(this.#own, name, component, () => this.#values(mergeMaps(this.#onDefaults(group), own), component));
  }

  /** What the playbook's own texts see: the group `all`, and the playbook. */
  ofPlaybook({ vars }: Playbook): Values {
    const { groups, set, files, secrets } = this.#input;
    const tree = mergeMaps(mergeMaps(this.#onDefaults(groups.varsOfCluster('all')), vars), set);
    return new Values(tree, files, secrets);
  }

  /** What a component's steps would see on any target; what is wrong with it is noted in `files`. */
  ofNowhere({ vars, playbook }: Component, files: Files): Values {
    const { groups, set, secrets } = this.#input;
    const tree = [playbook.vars, vars, set].reduce(mergeMaps, this.#onDefaults(groups.varsOfCluster('all')));
    return new Values(tree, files, secrets);
  }

  #sharedValues(group: MapNode, component: Component): Values {
    return remember(this.#shared, group, component, () => this.#values(this.#onDefaults(group), component));
  }

  #onDefaults(group: MapNode): MapNode {
    return mergeMaps(this.#input.defaults, group);
  }

  #values(under: MapNode, { vars, playbook }: Component): Values {
    const { set, files, secrets } = this.#input;
    return new Values([playbook.vars, vars, set].reduce(mergeMaps, under), files, secrets);
  }
}

function remember<K>(known: Map<K, Map<Component, Values>>, key: K, component: Component, make: () => Values): Values {
  const values = known.get(key)?.get(component) ?? make();
  if (!known.has(key)) known.set(key, new Map());
  known.get(key)?.set(component, values);
  return values;
}

/** The start of a tree in which nothing is set. */
export function noVars(file: string): MapNode {
  return mapNode({ file, line: 1, column: 1 }, 'default');
}
