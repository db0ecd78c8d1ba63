import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../nearest.ts';
import { mergeMaps } from '../vars/merge.ts';
import { type Files, namesIn, readMap, startOf } from '../yaml/files.ts';
import type { Layer, MapNode } from '../yaml/node.ts';
import type { Hosts } from './hosts.ts';

const yamlName = /^(.+)\.ya?ml$/;

/** Adds `group_vars/NAME.yaml`, `group_vars/NAME/*.yaml` and the same of `host_vars/`; they are stronger than `hosts.yaml`. */
export function addVarsFiles(files: Files, inventory: string, { groups, hosts }: Hosts): void {
  add(files, join(inventory, 'group_vars'), 'group', groups);
  add(files, join(inventory, 'host_vars'), 'host', hosts);
}

function add(
  files: Files,
  folder: string,
  layer: Layer & ('group' | 'host'),
  owners: ReadonlyMap<string, { vars: MapNode }>,
): void {
  for (const entry of namesIn(folder)) {
    const path = join(folder, entry);
    const isFolder = existsSync(path) && statSync(path).isDirectory();
    const name = isFolder ? entry : yamlName.exec(entry)?.[1];
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (!owner) {
      const summary = `${layer}_vars has a file for "${name}", but there is no such ${layer}`;
      files.problems.error(
        `unknown-${layer}`,
        summary,
        startOf(files, path),
        didYouMean(name, owners.keys(), 'hosts.yaml'),
      );
      continue;
    }
    for (const file of isFolder ? yamlFiles(path) : [path]) {
      const vars = readMap(files, file, layer);
      if (vars) owner.vars = mergeMaps(owner.vars, vars);
    }
  }
}

function yamlFiles(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => yamlName.test(name))
    .map((name) => join(folder, name));
}
