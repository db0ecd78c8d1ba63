import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TObject } from 'typebox';
import { namespaceOf, type RoleLink, roleOf } from '../../model/role.ts';
import { noVars } from '../inventory/layers.ts';
import { type Files, namesIn, readMap, shown, startOf } from '../yaml/files.ts';
import type { Entry, MapNode } from '../yaml/node.ts';

/** The roles whose variables a step takes. */
export function rolesOf(schema: TObject | undefined): readonly RoleLink[] {
  if (!schema) return [];
  return [schema, ...Object.values(schema.properties)].flatMap((one) => roleOf(one) ?? []);
}

/** Names of variables that a step takes from the top. */
export function namesOf(schema: TObject | undefined): readonly string[] {
  if (!schema) return [];
  const role = roleOf(schema);
  if (role) return [role.name];
  return Object.entries(schema.properties).map(([property, inner]) => roleOf(inner)?.name ?? property);
}

/** The defaults of roles, each under its role's name. Two roles of one name are a problem. */
export function readDefaults(files: Files, roles: Iterable<RoleLink>): MapNode {
  const folders = new Map<string, string>();
  const entries = new Map<string, Entry>();
  for (const { name, folder } of roles) {
    const known = folders.get(name);
    folders.set(name, folder);
    if (known === folder) continue;
    if (known !== undefined) {
      const summary = `the roles ${shown(files, known)} and ${shown(files, folder)} have one name: "${name}"`;
      files.problems.error(
        'role-clash',
        summary,
        startOf(files, join(folder, 'index.ts')),
        'rename one of the folders',
      );
      continue;
    }
    const file = join(folder, 'defaults.yaml');
    const node = existsSync(file) ? readMap(files, file, 'default') : null;
    if (node) entries.set(name, { key: node.source, node });
  }
  return { ...noVars('roles'), entries };
}

/** Names of all roles in a project, without loading them. */
export function roleNamesIn({ root }: Files): readonly string[] {
  return foldersWithIndex(join(root, 'roles')).map(namespaceOf);
}

function foldersWithIndex(folder: string): readonly string[] {
  const names = namesIn(folder);
  if (names.some((name) => /^index\.[jt]s$/.test(name))) return [folder];
  return names.filter((name) => !name.includes('.')).flatMap((name) => foldersWithIndex(join(folder, name)));
}
