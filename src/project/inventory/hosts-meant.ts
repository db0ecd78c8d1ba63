import { join } from 'node:path';
import { type Diagnostic, throwAll } from '../../model/diagnostic.ts';
import type { HostTarget, JournalSettings } from '../../model/project.ts';
import { didYouMean } from '../nearest.ts';
import type { Component } from '../playbook/playbook.ts';
import { Problems } from '../problems.ts';
import { readProjectFile } from '../project-file.ts';
import { Secrets } from '../vars/secrets.ts';
import type { Files } from '../yaml/files.ts';
import { mapNode, type SecretNode, walk } from '../yaml/node.ts';
import { Groups } from './groups.ts';
import { type Inventory, readInventory } from './inventory.ts';
import type { InventoryOptions } from './inventory-only.ts';
import { readJournal } from './journal.ts';
import { Layers } from './layers.ts';
import { matchPattern } from './pattern.ts';
import { hostTarget } from './targets.ts';

export interface HostsMeant {
  /** In the order of the inventory. */
  readonly hosts: readonly HostTarget[];
  readonly journal: JournalSettings;
}

/**
 * The hosts that a pattern means, with how they are reached: for commands that need no playbook.
 * @throws CairnError with all that is wrong
 */
export async function hostsMeant(pattern: string, options: InventoryOptions): Promise<HostsMeant> {
  const problems = new Problems();
  const files: Files = { root: options.root, env: options.env, problems };
  const project = readProjectFile(files);
  const inventory = readInventory(files, options.inventory ?? project.inventory);
  throwErrors(problems);
  if (!inventory) throw new Error('an inventory without problems was not read');
  const secrets = new Secrets(files);
  const where = { project: project.name, inventory: inventory.shown };
  const journal = await readJournal(files, where, inventory.journal, secrets);
  await secrets.open(connectionSecrets(inventory), journal.identities);
  const hosts = targetsOf(files, inventory, secrets, pattern);
  throwErrors(problems);
  return { hosts, journal };
}

function throwErrors(problems: Problems): void {
  throwAll(problems.sorted().filter(({ severity }: Diagnostic) => severity === 'error'));
}

function targetsOf(files: Files, inventory: Inventory, secrets: Secrets, pattern: string): readonly HostTarget[] {
  const groups = new Groups(files, inventory);
  const world = { hosts: new Set(inventory.hosts.keys()), groups: groups.members() };
  const { matched, unknown } = matchPattern(pattern, world);
  for (const name of unknown) {
    const help = didYouMean(name, [...world.groups.keys(), ...world.hosts], `${inventory.shown}/hosts.yaml`);
    files.problems.error('unknown-host', `no host or group is called "${name}"`, undefined, help);
  }
  if (matched.size === 0 && unknown.length === 0)
    files.problems.error('unknown-host', `the hosts "${pattern}" are none`);
  const nothing = mapNode({ file: join(inventory.folder, 'hosts.yaml'), line: 1, column: 1 }, 'playbook');
  const layers = new Layers({ files, secrets, inventory, groups, defaults: nothing, set: nothing });
  const component = noComponent(nothing);
  return [...matched].flatMap((name) => hostTarget(files, inventory, layers, name, component) ?? []);
}

// Variables of hosts are asked for in the name of a component; here of one that says nothing.
function noComponent(vars: Component['vars']): Component {
  const { source } = vars;
  const playbook = { file: source.file, name: '', vars, confirm: undefined, farewell: undefined };
  return {
    name: '',
    source,
    cluster: undefined,
    endpoints: new Map(),
    hosts: undefined,
    serial: undefined,
    maxFailures: undefined,
    steps: undefined,
    vars,
    playbook: { ...playbook, tools: [], components: [] },
  };
}

// What steps keep secret is nobody's business here, and need not even be there.
function connectionSecrets({ groups, hosts }: Inventory): readonly SecretNode[] {
  const entries = [...groups.values(), ...hosts.values()].flatMap(({ vars }) => [...vars.entries]);
  const nodes = entries.filter(([key]) => key.startsWith('ansible_')).flatMap(([, { node }]) => [...walk(node)]);
  return nodes.filter((node) => node.is === 'secret');
}
