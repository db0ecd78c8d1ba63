import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type ScalarTag,
  type Tags,
  visit,
} from 'yaml';
import { type Diagnostic, problem, type Source } from '../../../model/diagnostic.ts';
import { type Fields, isFields } from '../compare/json.ts';

/** An object as a file has it, and where. */
export interface Located {
  readonly object: Fields;
  readonly source: Source;
}

export interface Documents {
  readonly objects: readonly Located[];
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads the documents of a YAML or JSON text as `kubectl` does: YAML 1.1 booleans and octals, merge keys, `List` kinds taken
 * apart, empty documents left out. What is wrong is said with its place, all of it.
 * @param file as people shall see it
 */
export function readDocuments(text: string, file: string): Documents {
  const lines = new LineCounter();
  const place = (offset: number): Source => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    version: '1.1',
    merge: true,
    customTags: kubernetesTags,
    stringKeys: false,
  });
  const problems: Diagnostic[] = [];
  const objects: Located[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const found = new Reader(document, place);
    problems.push(...found.problems);
    if (document.errors.length === 0) objects.push(...found.objects());
    problems.push(...found.late);
  }
  return { objects, problems };
}

// Times and `12:30` stay text; `0o17` is an octal, though not in YAML 1.1.
const foreign = new Set(['timestamp', 'binary', 'set', 'omap', 'pairs']);

function kubernetesTags(tags: Tags): Tags {
  const kept = tags.filter((tag) => {
    if (typeof tag === 'string') return !foreign.has(tag);
    return tag.format !== 'TIME' && !foreign.has(tag.tag.replace(/^.*:/, ''));
  });
  return [octal, ...kept];
}

const octal: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replace('0o', '').replaceAll('_', ''), 8),
};

const mostAliases = 1000;

class Reader {
  readonly problems: readonly Diagnostic[];
  readonly late: Diagnostic[] = [];
  readonly #document: Document;
  readonly #place: (offset: number) => Source;

  constructor(document: Document, place: (offset: number) => Source) {
    this.#document = document;
    this.#place = place;
    this.problems = [...document.errors, ...document.warnings].map(({ message, pos }) =>
      problem('bad-yaml', message.replace(/\.$/, ''), { source: place(pos[0]) }),
    );
  }

  objects(): readonly Located[] {
    const { contents } = this.#document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    this.#checkNumbers(contents);
    const value = this.#valueOf(contents);
    return value === undefined ? [] : this.#read(contents, value);
  }

  #valueOf(contents: Node): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: mostAliases });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      this.#refuse('bad-yaml', error.message, this.#place(contents.range?.[0] ?? 0));
      return undefined;
    }
  }

  #read(node: Node, value: unknown): readonly Located[] {
    const source = this.#place(node.range?.[0] ?? 0);
    if (!isFields(value)) return this.#refuse('no-object', 'this is no Kubernetes object: it has no fields', source);
    if (isList(value)) return this.#items(node, value.items as readonly unknown[]);
    if (typeof value.apiVersion !== 'string') return this.#lacks('apiVersion', node, value);
    if (typeof value.kind !== 'string') return this.#lacks('kind', node, value);
    const name = isFields(value.metadata) ? value.metadata.name : undefined;
    if (typeof name !== 'string' || name === '') return this.#lacks('metadata.name', node, value);
    return [{ object: value, source }];
  }

  #items(node: Node, items: readonly unknown[]): readonly Located[] {
    const list = isMap(node) ? node.get('items', true) : undefined;
    return items.flatMap((item, i) => {
      const at = isSeq(list) ? list.items[i] : undefined;
      return this.#read((at as Node | undefined) ?? node, item);
    });
  }

  #lacks(field: string, node: Node, { kind, metadata }: Fields): readonly Located[] {
    const what = typeof kind === 'string' ? `this ${kind}` : 'this object';
    const generated = isFields(metadata) && metadata.generateName !== undefined;
    const help = generated ? 'generateName makes another object at each run: give it a name' : undefined;
    return this.#refuse(
      'incomplete-object',
      `${what} has no ${field}, or it is no text`,
      this.#place(node.range?.[0] ?? 0),
      help,
    );
  }

  #refuse(code: string, summary: string, source: Source, help?: string): readonly Located[] {
    this.late.push(problem(code, summary, { source, ...(help === undefined ? {} : { help }) }));
    return [];
  }

  // JavaScript would silently round it.
  #checkNumbers(contents: Node): void {
    visit(contents, {
      Scalar: (_, { value, range, source }) => {
        if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return;
        const help = 'write it as text, if the field takes one';
        this.#refuse(
          'unsafe-number',
          `${source ?? value} is too large to be exact`,
          this.#place(range?.[0] ?? 0),
          help,
        );
      },
    });
  }
}

function isList({ kind, items, metadata }: Fields): boolean {
  const named = isFields(metadata) && metadata.name !== undefined;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && !named;
}
