import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

/** A problem as a case expects it; what it leaves out may be anything. */
export interface Expected {
  readonly place: string | undefined;
  readonly code: string;
  readonly summary: string | undefined;
  readonly help: string | undefined;
}

/** A project that is broken in one way: files laid over a good one, what the user typed, and the problems to be found. */
export interface BrokenProject {
  readonly name: string;
  /** What is broken, for people. */
  readonly what: string;
  readonly env: Readonly<Record<string, string | null>>;
  readonly set: readonly string[];
  readonly only: readonly string[];
  readonly from: string | undefined;
  readonly limit: string | undefined;
  readonly files: ReadonlyMap<string, string>;
  readonly expected: readonly Expected[];
}

interface Options {
  readonly env?: Readonly<Record<string, string | null>>;
  readonly set?: string;
  readonly only?: string;
  readonly from?: string;
  readonly limit?: string;
}

/** Every case of a folder. */
export function readCases(folder: string): readonly BrokenProject[] {
  return readdirSync(folder)
    .sort()
    .map((file) => readCase(basename(file, '.txt'), readFileSync(join(folder, file), 'utf8')));
}

// A line that says what, options in YAML, `--- PATH` before each file, `=== PLACE CODE SUMMARY` before each problem.
function readCase(name: string, text: string): BrokenProject {
  const [head = '', ...blocks] = text.split(/^(?=--- |=== )/m);
  const [what = '', ...optionLines] = head.split('\n');
  const { env = {}, set, only, from, limit } = (parse(optionLines.join('\n')) ?? {}) as Options;
  const files = blocks.filter((block) => block.startsWith('--- ')).map(readFile);
  const expected = blocks.filter((block) => block.startsWith('=== ')).map(readExpected);
  return { name, what, env, set: list(set), only: list(only), from, limit, files: new Map(files), expected };
}

function list(one: string | undefined): readonly string[] {
  return one === undefined ? [] : [one];
}

function readFile(block: string): readonly [string, string] {
  const end = block.indexOf('\n');
  return [block.slice(4, end).trim(), block.slice(end + 1)];
}

function readExpected(block: string): Expected {
  const [first = '', ...more] = block.trimEnd().split('\n');
  const [, place, code = '', summary] = /^=== (?:((?:--set )?\S+:(?:\d+:\d+|\*)) )?(\S+)(?: (.*))?$/.exec(first) ?? [];
  return { place, code, summary, help: more.length > 0 ? more.map((line) => line.trim()).join('\n') : undefined };
}
