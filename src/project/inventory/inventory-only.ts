import { type Diagnostic, throwAll } from '../../model/diagnostic.ts';
import type { ClusterTarget, JournalSettings } from '../../model/project.ts';
import { Problems } from '../problems.ts';
import { readProjectFile } from '../project-file.ts';
import { Secrets } from '../vars/secrets.ts';
import type { Env, Files } from '../yaml/files.ts';
import { Groups } from './groups.ts';
import { readInventory } from './inventory.ts';
import { readJournal } from './journal.ts';

export interface InventoryOptions {
  readonly root: string;
  readonly env: Env;
  /** Instead of the project's default. */
  readonly inventory?: string;
}

export interface InventoryShown {
  readonly name: string;
  readonly clusters: readonly ClusterTarget[];
  readonly groups: readonly { readonly name: string; readonly hosts: readonly string[] }[];
}

/** Where an inventory's journal is and who reads it. @throws CairnError with what is wrong */
export async function journalOf({ root, env, inventory: named }: InventoryOptions): Promise<JournalSettings> {
  const problems = new Problems();
  const files: Files = { root, env, problems };
  const file = readProjectFile(files);
  const inventory = readInventory(files, named ?? file.inventory);
  const where = { project: file.name, inventory: inventory?.shown ?? '' };
  const settings = inventory && (await readJournal(files, where, inventory.journal, new Secrets(files)));
  throwAll(problems.sorted().filter(({ severity }) => severity === 'error'));
  if (!settings) throw new Error('an inventory without problems was not read');
  return settings;
}

/** An inventory as it was understood; null when it can't be. */
export async function inventoryOf(
  options: InventoryOptions,
): Promise<{ readonly shown: InventoryShown | null; readonly problems: readonly Diagnostic[] }> {
  const problems = new Problems();
  const files: Files = { root: options.root, env: options.env, problems };
  const inventory = readInventory(files, options.inventory ?? readProjectFile(files).inventory);
  if (!inventory || problems.hasErrors) return { shown: null, problems: problems.sorted() };
  const members = new Groups(files, inventory).members();
  const shown = {
    name: inventory.shown,
    clusters: [...inventory.clusters.values()].map(({ target }) => target),
    groups: [...members].map(([name, hosts]) => ({ name, hosts: [...hosts] })),
  };
  return { shown, problems: problems.sorted() };
}
