import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import { checkKeys, textField } from './yaml/fields.ts';
import { type Files, readMap } from './yaml/files.ts';

const marker = 'cairn.yaml';

/** What `cairn.yaml` says. */
export interface ProjectFile {
  readonly name: string;
  /** The default inventory, relative to the root. */
  readonly inventory: string;
}

/**
 * The folder that holds `cairn.yaml`: this one or the nearest above it.
 * @throws CairnError `no-project`
 */
export function findRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, marker))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new CairnError(
    problem('no-project', `${cwd} is not in a Cairn project: there is no ${marker} here or above`, {
      help: `go to a project's folder, or make one: echo 'inventory: inventory/local' > ${marker}`,
    }),
  );
}

export function readProjectFile(files: Files): ProjectFile {
  const map = readMap(files, join(files.root, marker));
  if (map) checkKeys(files, map, ['name', 'inventory'], marker);
  return {
    name: (map && textField(files, map, 'name')) ?? basename(files.root),
    inventory: (map && textField(files, map, 'inventory')) ?? 'inventory/local',
  };
}
