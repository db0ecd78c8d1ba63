import { readFileSync } from 'node:fs';

/** A piece of the page that becomes a step of its own. */
export interface Example {
  /** As the page has it. */
  readonly code: string;
  readonly on: 'hosts' | 'cluster';
}

/** What `docs/from-ansible.md` shows. */
export interface Page {
  /** Whole files of a project, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** One resource each, or several to be spread, from the right side of tables. */
  readonly rows: readonly Example[];
  /** Members of a step: `resources`, and what goes with it. */
  readonly members: readonly Example[];
  /** Ansible's tasks on the left, in YAML. */
  readonly tasks: readonly string[];
  readonly commandLines: readonly string[];
}

export function readPage(): Page {
  const text = readFileSync(new URL('../../../docs/from-ansible.md', import.meta.url), 'utf8');
  const ours = [...text.matchAll(/<\/td><td>\n+```\w*\n(.*?)\n```/gs)].map(([, code = '']) => code);
  const theirs = [...text.matchAll(/<tr><td>\n+```yaml\n(.*?)\n```/gs)].map(([, code = '']) => code);
  const cells = text.split('\n').flatMap((line) => {
    const [, left, right] = /^\| (.*?) ?(?<!\\)\| (.*) \|$/.exec(line) ?? [];
    return left === undefined || right === undefined ? [] : [[codesIn(left), codesIn(right)] as const];
  });
  return {
    files: new Map(ours.flatMap((code) => fileIn(code))),
    rows: cells.flatMap(([, right]) => right.filter((code) => /^(?:host|k8s|\.\.\.).*\)$/s.test(code))).map(example),
    members: ours.filter((code) => code.startsWith('resources')).map(example),
    tasks: [...theirs, ...cells.flatMap(([left]) => left.filter((code) => /^[\w.]+: /.test(code)))],
    commandLines: cells.flatMap((sides) => sides.flat().filter((code) => /^cairn \w+(?: |$)/.test(code))),
  };
}

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));
}

function fileIn(code: string): readonly (readonly [string, string])[] {
  const path = /^(?:#|\/\/) (\S+\/\S+)/.exec(code)?.[1];
  return path === undefined ? [] : [[path, `${code}\n`]];
}

function example(code: string): Example {
  return { code, on: code.includes('k8s.') ? 'cluster' : 'hosts' };
}
