import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node as YamlNode,
} from 'yaml';
import type { Source } from '../../model/diagnostic.ts';
import { parseTemplate } from '../../render/template.ts';
import { TemplateError } from '../../render/template-error.ts';
import type { Problems } from '../problems.ts';
import { addTemplateError } from './marks.ts';
import type { Entry, Layer, MapNode, Node, SecretNode } from './node.ts';

/** Where a text comes from and what it says for. */
export interface YamlOrigin {
  /** As people shall see it. */
  readonly file: string;
  readonly layer: Layer;
  readonly problems: Problems;
}

const tags = ['!env', '!secret'].map((tag) => ({ tag, resolve: (text: string) => text }));

/** Reads a YAML text into located nodes; null when it can't be read or holds nothing. Problems are noted. */
export function parseYaml(text: string, origin: YamlOrigin): Node | null {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    customTags: tags,
    prettyErrors: false,
    logLevel: 'error',
  });
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(error.pos[0]);
    origin.problems.error('bad-yaml', sentence(error.message), { file: origin.file, line, column: col });
  }
  if (document.errors.length > 0 || document.contents === null) return null;
  return new Reader(text, document, lines, origin).read(document.contents);
}

function sentence(message: string): string {
  return message.replace(/\.$/, '').replace(/^Map keys must be unique$/, 'this key is written twice');
}

class Reader {
  readonly #text: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #origin: YamlOrigin;
  // Aliases share a node: reading each once keeps a file of nested aliases small.
  readonly #known = new Map<YamlNode, Node>();

  constructor(text: string, document: Document, lines: LineCounter, origin: YamlOrigin) {
    this.#text = text;
    this.#document = document;
    this.#lines = lines;
    this.#origin = origin;
  }

  read(yaml: YamlNode): Node {
    const known = this.#known.get(yaml);
    if (known) return known;
    const node = this.#convert(yaml);
    this.#known.set(yaml, node);
    return node;
  }

  #convert(yaml: YamlNode): Node {
    if (isAlias(yaml)) {
      const target = yaml.resolve(this.#document);
      if (target) return this.read(target);
    }
    const base = { source: this.#place(yaml), layer: this.#origin.layer };
    if (isMap<YamlNode, YamlNode | null>(yaml)) return this.#map(yaml.items, base);
    if (isSeq<YamlNode>(yaml)) return { is: 'list', ...base, items: yaml.items.map((item) => this.read(item)) };
    if (!isScalar(yaml)) return { is: 'scalar', ...base, value: null };
    if (yaml.tag === '!env') return this.#env(String(yaml.value), base);
    if (yaml.tag === '!secret') return this.#secret(String(yaml.value), base);
    if (typeof yaml.value === 'string' && yaml.value.includes('{{')) return this.#template(yaml.value, yaml, base);
    return { is: 'scalar', ...base, value: plainScalar(yaml.value) };
  }

  #map(items: readonly { key: YamlNode; value: YamlNode | null }[], base: Pick<Node, 'source' | 'layer'>): MapNode {
    const entries = new Map<string, Entry>();
    for (const { key, value } of items) {
      const place = this.#place(key);
      const node: Node = value ? this.read(value) : { is: 'scalar', ...base, source: place, value: null };
      if (isScalar(key) && key.value === '<<' && node.is === 'map') {
        for (const [name, entry] of node.entries) if (!entries.has(name)) entries.set(name, entry);
      } else entries.set(isScalar(key) ? String(key.value) : String(key), { key: place, node });
    }
    return { is: 'map', ...base, entries };
  }

  #env(text: string, base: Pick<Node, 'source' | 'layer'>): Node {
    const [, name, fallback] = /^\s*([A-Za-z_]\w*)\s*(?:,\s?(.*))?$/s.exec(text) ?? [];
    if (name !== undefined) return { is: 'env', ...base, name, fallback };
    this.#origin.problems.error('bad-env', `!env ${text} names no variable`, base.source, 'write !env NAME, default');
    return { is: 'broken', ...base };
  }

  #secret(text: string, base: Pick<Node, 'source' | 'layer'>): Node {
    const [, from, name] = /^\s*(env|file|age|k8s):(\S.*?)\s*$/.exec(text) ?? [];
    if (name !== undefined) return { is: 'secret', ...base, from: from as SecretNode['from'], name };
    const help =
      'write !secret env:NAME, !secret file:PATH, !secret age:PATH or !secret k8s:CLUSTER/NAMESPACE/NAME/KEY';
    this.#origin.problems.error('bad-secret', '!secret does not say where the secret is', base.source, help);
    return { is: 'broken', ...base };
  }

  #template(text: string, yaml: YamlNode, base: Pick<Node, 'source' | 'layer'>): Node {
    const marks = this.#marks(yaml);
    try {
      return { is: 'template', ...base, template: parseTemplate(text), marks };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      addTemplateError(this.#origin.problems, { text, marks, source: base.source }, error);
      return { is: 'broken', ...base };
    }
  }

  #marks(yaml: YamlNode): readonly Source[] {
    const [from = 0, to = 0] = yaml.range ?? [];
    const found = [...this.#text.slice(from, to).matchAll(/\{\{/g)];
    return found.map((match) => this.#at(from + match.index));
  }

  #place(yaml: YamlNode): Source {
    return this.#at(yaml.range?.[0] ?? 0);
  }

  #at(offset: number): Source {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#origin.file, line, column: col };
  }
}

function plainScalar(value: unknown): string | number | boolean | null {
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return plain ? value : value === null || value === undefined ? null : String(value);
}
