import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectionVariables } from '../inventory/connection.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { didYouMean } from '../nearest.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { componentsOf, importStep, stepFilesOf } from '../playbook/step-files.ts';
import { Problems } from '../problems.ts';
import { type Files, namesIn, readMap } from '../yaml/files.ts';
import { type Entry, type MapNode, type Node, walk } from '../yaml/node.ts';
import { namesOf, roleNamesIn } from './roles.ts';

export interface Written {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly set: MapNode;
  readonly defaults: MapNode;
}

/**
 * Says which variables nothing in the project uses: no step, no role, no template. An inventory serves several playbooks, so
 * the project's other steps are looked at too, but only when there is something left.
 * @param used names that the steps of this playbook take
 */
export async function checkUnused(files: Files, written: Written, used: Iterable<string>): Promise<void> {
  const maps = mapsOf(written);
  const known = new Set([
    ...used,
    ...connectionVariables,
    ...mentionedIn([...maps, written.defaults, ...textsOf(written.playbook)]),
  ]);
  if (leftOver(maps, known).length === 0) return;
  const others = await namesInProject(files);
  if (!others) return;
  for (const name of others) known.add(name);
  for (const [name, { key }] of leftOver(maps, known)) {
    const alike = [...known].filter((one) => one.startsWith('ansible_') === name.startsWith('ansible_'));
    const help = didYouMean(name, alike) ?? 'no step, role or template uses it: take it out';
    files.problems.error('unknown-key', `unknown variable "${name}"`, key, help);
  }
}

function mapsOf({ inventory, playbook, set }: Written): readonly MapNode[] {
  const layers = [...inventory.groups.values(), ...inventory.hosts.values(), playbook, ...playbook.components];
  const included = playbook.components.map((component) => component.playbook);
  return [...new Set([...layers, ...included].map(({ vars }) => vars)), set].filter(({ entries }) => entries.size > 0);
}

function leftOver(maps: readonly MapNode[], known: ReadonlySet<string>): readonly (readonly [string, Entry])[] {
  return maps.flatMap((map) => [...map.entries]).filter(([name]) => !known.has(name));
}

function textsOf({ confirm, farewell }: Playbook): readonly Node[] {
  return [confirm, farewell].filter((node) => node !== undefined);
}

function mentionedIn(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) =>
    [...walk(node)].flatMap((one) =>
      one.is === 'template' ? one.template.paths.map(({ parts: [first = ''] }) => first) : [],
    ),
  );
}

/** Null when a step can't be loaded: then nobody knows what it takes. */
async function namesInProject(files: Files): Promise<readonly string[] | null> {
  // What is wrong with other playbooks' steps is reported where they are used.
  const aside = { ...files, problems: new Problems() };
  const steps = componentsOf(aside).flatMap((component) => stepFilesOf(aside, component));
  const loaded = await Promise.all(steps.map((step) => importStep(aside, step)));
  if (loaded.includes(null)) return null;
  const schemas = loaded.flatMap((step) => namesOf(step?.vars));
  return [...roleNamesIn(aside), ...schemas, ...mentionedInFiles(aside)];
}

function mentionedInFiles(files: Files): readonly string[] {
  const playbooks = namesIn(join(files.root, 'playbooks')).filter((name) => /\.ya?ml$/.test(name));
  const defaults = namesIn(join(files.root, 'roles')).length > 0 ? defaultsIn(join(files.root, 'roles')) : [];
  const all = [...playbooks.map((name) => join(files.root, 'playbooks', name)), ...defaults];
  return mentionedIn(all.flatMap((file) => readMap(files, file) ?? []));
}

function defaultsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('defaults.yaml'))
    .map((name) => join(folder, name));
}
