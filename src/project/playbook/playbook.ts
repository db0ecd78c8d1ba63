import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Source } from '../../model/diagnostic.ts';
import { type EndpointType, endpointTypes } from '../../model/endpoint.ts';
import type { BatchSize } from '../../model/project.ts';
import { didYouMean } from '../nearest.ts';
import { checkKeys, given, listField, mapField, textField, textsField, wrongType } from '../yaml/fields.ts';
import { type Files, namesIn, readMap, shown } from '../yaml/files.ts';
import { type MapNode, mapNode, type Node } from '../yaml/node.ts';
import { maxFailuresOf, serialOf } from './rolling.ts';

interface Placed {
  readonly text: string;
  readonly source: Source;
}

/** What a playbook says of one component. */
export interface Component {
  readonly name: string;
  readonly source: Source;
  readonly cluster: Placed | undefined;
  /** Which service of a type it uses, by type. */
  readonly endpoints: ReadonlyMap<EndpointType, Placed>;
  readonly hosts: Placed | undefined;
  /** Sizes of the batches that its hosts are worked on in. */
  readonly serial: readonly BatchSize[] | undefined;
  readonly maxFailures: number | undefined;
  /** Which of its steps; all without it. */
  readonly steps: readonly Placed[] | undefined;
  readonly vars: MapNode;
  /** The playbook that names it. */
  readonly playbook: Playbook;
}

export interface Playbook {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  readonly vars: MapNode;
  readonly confirm: Node | undefined;
  readonly farewell: Node | undefined;
  /** Programs that must be on this machine's PATH. */
  readonly tools: readonly Placed[];
  /** Those of its includes first. */
  readonly components: readonly Component[];
}

const keys = ['name', 'include', 'components', 'vars', 'confirm', 'farewell', 'tools'];
const componentKeys = ['component', 'cluster', 'endpoints', 'hosts', 'serial', 'maxFailures', 'steps', 'vars'];

/** Reads a playbook and what it includes, each once; null where it can't be read. */
export function readPlaybook(files: Files, file: string): Playbook | null {
  return new PlaybookReader(files).read(file, []);
}

class PlaybookReader {
  readonly #files: Files;
  readonly #included = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  read(file: string, above: readonly string[]): Playbook | null {
    const map = readMap(this.#files, file);
    if (!map) return null;
    const name = shown(this.#files, file);
    checkKeys(this.#files, map, keys, name);
    const components: Component[] = [];
    const playbook: Playbook = {
      file,
      name: textField(this.#files, map, 'name') ?? basename(file).replace(/\.ya?ml$/, ''),
      vars: mapField(this.#files, map, 'vars') ?? mapNode(map.source, 'playbook'),
      confirm: given(map, 'confirm'),
      farewell: given(map, 'farewell'),
      tools: textsField(this.#files, map, 'tools'),
      components,
    };
    for (const { text, source } of textsField(this.#files, map, 'include')) {
      components.push(...this.#include(text, source, [...above, file]));
    }
    for (const node of listField(this.#files, map, 'components')) components.push(...this.#component(node, playbook));
    return playbook;
  }

  #include(path: string, source: Source, above: readonly string[]): readonly Component[] {
    const folder = dirname(above.at(-1) ?? '');
    const file = join(folder, path);
    if (above.includes(file)) {
      this.#files.problems.error('include-cycle', `${path} includes itself`, source, 'take this include out');
      return [];
    }
    if (!existsSync(file)) {
      const help = didYouMean(basename(file), namesIn(dirname(file)));
      this.#files.problems.error(
        'include-missing',
        `${path} does not exist in ${shown(this.#files, folder)}`,
        source,
        help,
      );
      return [];
    }
    if (this.#included.has(file)) return [];
    this.#included.add(file);
    return this.read(file, above)?.components ?? [];
  }

  #component(node: Node, playbook: Playbook): readonly Component[] {
    if (node.is !== 'map') {
      wrongType(this.#files, 'a component', 'a map that begins with "component: NAME"', node);
      return [];
    }
    const name = textField(this.#files, node, 'component');
    checkKeys(this.#files, node, componentKeys, name === undefined ? 'a component' : `the component "${name}"`);
    if (name === undefined) {
      if (given(node, 'component')) return [];
      this.#files.problems.error(
        'missing-variable',
        'this component has no name',
        node.source,
        'write component: NAME',
      );
      return [];
    }
    const component: Component = {
      name,
      source: given(node, 'component')?.source ?? node.source,
      cluster: this.#placed(node, 'cluster'),
      endpoints: this.#endpoints(node),
      hosts: this.#placed(node, 'hosts'),
      serial: serialOf(this.#files, node),
      maxFailures: maxFailuresOf(this.#files, node),
      steps: given(node, 'steps') ? this.#steps(node) : undefined,
      vars: mapField(this.#files, node, 'vars') ?? mapNode(node.source, 'playbook'),
      playbook,
    };
    return [component];
  }

  #endpoints(map: MapNode): Component['endpoints'] {
    const named = mapField(this.#files, map, 'endpoints');
    if (!named) return new Map();
    checkKeys(this.#files, named, endpointTypes, 'endpoints');
    const pairs = endpointTypes.map((type) => [type, this.#placed(named, type)] as const);
    return new Map(pairs.flatMap(([type, placed]) => (placed ? [[type, placed] as const] : [])));
  }

  #placed(map: MapNode, key: string): Placed | undefined {
    const text = textField(this.#files, map, key);
    return text === undefined ? undefined : { text, source: given(map, key)?.source ?? map.source };
  }

  #steps(map: MapNode): readonly Placed[] {
    return listField(this.#files, map, 'steps').flatMap((node) => {
      const isPlain = node.is === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'string');
      if (isPlain) return [{ text: String(node.value), source: node.source }];
      wrongType(this.#files, 'a step', 'a number, a range as "50-60", or a name', node);
      return [];
    });
  }
}
