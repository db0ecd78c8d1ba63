import { parse } from 'smol-toml';
import type { Range } from './format.ts';

/** A value: a list has items, a table in braces has pairs. */
export interface TomlNode extends Range {
  readonly items?: readonly TomlNode[];
  readonly pairs?: readonly TomlPair[];
}

export interface TomlPair {
  /** Where its key begins. */
  readonly from: number;
  readonly keys: readonly string[];
  readonly value: TomlNode;
}

/** A header and the pairs beneath it; the first of a text has no header. */
export interface TomlSection {
  /** From the root, places in lists of tables among them. */
  readonly keys: readonly (string | number)[];
  readonly head?: Range;
  readonly pairs: readonly TomlPair[];
}

/** The sections of a text that is known to be valid TOML. */
export function scanToml(text: string): readonly TomlSection[] {
  const sections: (TomlSection & { pairs: TomlPair[] })[] = [{ keys: [], pairs: [] }];
  const lists = new Map<string, number>();
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    if (text[at] === '[') {
      const isList = text[at + 1] === '[';
      const { keys, to } = keysAt(text, at + (isList ? 2 : 1));
      const end = text.indexOf(']', to) + (isList ? 2 : 1);
      sections.push({ keys: placed(keys, isList, lists), head: { from: at, to: end }, pairs: [] });
      at = end;
    } else {
      const pair = pairAt(text, at);
      sections.at(-1)?.pairs.push(pair);
      at = pair.value.to;
    }
  }
  return sections;
}

// Each list of tables on the way stands for its last table so far.
function placed(keys: readonly string[], isList: boolean, lists: Map<string, number>): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (const [index, key] of keys.entries()) {
    path.push(key);
    const name = JSON.stringify(path);
    const isNew = isList && index === keys.length - 1;
    const count = (lists.get(name) ?? 0) + (isNew ? 1 : 0);
    if (count === 0) continue;
    lists.set(name, count);
    path.push(count - 1);
  }
  return path;
}

// Spaces, ends of lines and comments.
function skip(text: string, from: number): number {
  return from + (/^(?:[\s\ufeff]|#[^\n]*)*/.exec(text.slice(from))?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, from: number): string {
  const sticky = new RegExp(pattern, 'y');
  sticky.lastIndex = from;
  return sticky.exec(text)?.[0] ?? '';
}

function keysAt(text: string, from: number): { readonly keys: readonly string[]; readonly to: number } {
  const raw = matchAt(/(?:[ \t]*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s.=\]"']+)[ \t]*\.?)+/, text, from);
  const keys: string[] = [];
  for (let inner: unknown = parse(`${raw} = 0`); typeof inner === 'object' && inner !== null; ) {
    const [entry] = Object.entries(inner);
    if (!entry) break;
    keys.push(entry[0]);
    inner = entry[1];
  }
  return { keys, to: from + raw.length };
}

function pairAt(text: string, from: number): TomlPair {
  const { keys, to } = keysAt(text, from);
  return { from, keys, value: valueAt(text, skip(text, text.indexOf('=', to) + 1)) };
}

const scalar =
  /"""(?:[^\\]|\\[\s\S])*?"""(?:"{0,2})|'''[\s\S]*?'''(?:'{0,2})|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,\]}#]+(?: \d[^\s,\]}#]*)?/;

function valueAt(text: string, from: number): TomlNode {
  const open = text[from];
  if (open !== '[' && open !== '{') return { from, to: from + matchAt(scalar, text, from).length };
  const [items, pairs]: [TomlNode[], TomlPair[]] = [[], []];
  let at = skip(text, from + 1);
  while (text[at] !== ']' && text[at] !== '}') {
    if (open === '[') items.push(valueAt(text, at));
    else pairs.push(pairAt(text, at));
    at = skip(text, (open === '[' ? items.at(-1)?.to : pairs.at(-1)?.value.to) ?? text.length);
    if (text[at] === ',') at = skip(text, at + 1);
    if (at >= text.length) break;
  }
  return { from, to: at + 1, ...(open === '[' ? { items } : { pairs }) };
}
