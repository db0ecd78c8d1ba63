import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Source } from '../../model/diagnostic.ts';
import { homeFolder } from '../folders.ts';
import type { Problems } from '../problems.ts';
import { type Layer, type MapNode, mapNode, type Node } from './node.ts';
import { parseYaml } from './yaml.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What all readers of project files share. */
export interface Files {
  /** Absolute. */
  readonly root: string;
  readonly env: Env;
  readonly problems: Problems;
}

/** A path as people shall see it: relative to the project's root where it lies beneath. */
export function shown({ root }: Pick<Files, 'root'>, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** The first character of a file. */
export function startOf(files: Pick<Files, 'root'>, file: string): Source {
  return { file: shown(files, file), line: 1, column: 1 };
}

/** Reads a YAML file whose top is a map; an empty one is an empty map, null one that can't be read. */
export function readMap(files: Files, file: string, layer: Layer = 'playbook'): MapNode | null {
  const source = startOf(files, file);
  const before = files.problems;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    before.error('file-unreadable', `${source.file} cannot be read: ${(error as Error).message}`);
    return null;
  }
  return asMap(files, parseYaml(text, { file: source.file, layer, problems: before }), source, layer);
}

function asMap(files: Files, node: Node | null, source: Source, layer: Layer): MapNode | null {
  if (node === null || (node.is === 'scalar' && node.value === null)) return mapNode(source, layer);
  if (node.is === 'map') return node;
  files.problems.error('wrong-type', `${source.file} must hold keys with values`, node.source);
  return null;
}

/** Names in a folder, sorted; none where there is no folder. */
export function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** A path from a file: `~` is the home folder, and a relative one begins at the root. */
export function pathFrom({ root, env }: Pick<Files, 'root' | 'env'>, path: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homeFolder(env), path.slice(1));
  return resolve(root, path);
}
