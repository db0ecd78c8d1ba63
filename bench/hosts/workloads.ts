// The work that everybody does, said once: playbooks, the bare client, Cairn's project and the check of the result read it.
import { createHash } from 'node:crypto';

export type Task =
  | { readonly kind: 'copy'; readonly path: string; readonly mode: string; readonly content: string }
  | { readonly kind: 'template'; readonly path: string; readonly mode: string; readonly items: readonly string[] }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: string }
  /** Makes an empty file, unless it is there. */
  | { readonly kind: 'command'; readonly path: string }
  | { readonly kind: 'line'; readonly path: string; readonly line: string };

export interface Scenario {
  readonly what: string;
  readonly hosts: number;
  readonly tasks: readonly Task[];
}

export type ScenarioName = 's1' | 's2' | 's3' | 's6' | 's7' | 's8' | 's9';

const mixed = [
  ...repeat(4, directory),
  ...repeat(6, copy),
  ...repeat(4, template),
  ...repeat(3, command),
  ...repeat(3, line),
];

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  s1: { what: '1 host, 100 files of 1 KiB', hosts: 1, tasks: repeat(100, copy) },
  s2: { what: '10 hosts, 20 mixed tasks', hosts: 10, tasks: mixed },
  s3: {
    what: '50 hosts, 5 mixed tasks',
    hosts: 50,
    tasks: [directory, copy, template, command, line].map((of) => of(1)),
  },
  s6: { what: '1 host, 20 mixed tasks', hosts: 1, tasks: mixed },
  s7: { what: '1 host, one file of 1 KiB', hosts: 1, tasks: [copy(1)] },
  s8: { what: '1 host, one file of 64 MiB', hosts: 1, tasks: [bigFile(64)] },
  s9: { what: '1 host, one file of 8 MiB', hosts: 1, tasks: [bigFile(8)] },
};

/** `h01` for 1. */
export function hostName(index: number): string {
  return `h${pad(index, 2)}`;
}

/** The bytes of a template's file: what Jinja and Handlebars make of their forms of it. */
export function render(items: readonly string[], host: string): string {
  return ['# managed', `host = ${host}`, ...items.map((item, i) => `entry.${i} = ${item}`), ''].join('\n');
}

export interface Expected {
  readonly kind: 'file' | 'directory';
  /** Octal, without leading zeros; left out where nobody asked for one. */
  readonly mode?: string;
  readonly content?: string;
}

/** What a run must have left on a host, by path. */
export function expectedOn(scenario: Scenario, host: string): ReadonlyMap<string, Expected> {
  const tree = new Map<string, Expected>();
  for (const task of scenario.tasks) tree.set(task.path, expected(task, host, tree.get(task.path)?.content ?? ''));
  return tree;
}

function expected(task: Task, host: string, before: string): Expected {
  switch (task.kind) {
    case 'copy':
      return { kind: 'file', mode: task.mode, content: task.content };
    case 'template':
      return { kind: 'file', mode: task.mode, content: render(task.items, host) };
    case 'directory':
      return { kind: 'directory', mode: task.mode };
    case 'command':
      return { kind: 'file', content: '' };
    case 'line':
      return { kind: 'file', content: `${before}${task.line}\n` };
  }
}

function repeat(count: number, task: (i: number) => Task): readonly Task[] {
  return Array.from({ length: count }, (_, i) => task(i + 1));
}

function copy(i: number) {
  return { kind: 'copy', path: `f${pad(i)}.txt`, mode: '644', content: text(`copy${i}`, 1024) } as const;
}

function bigFile(mebibytes: number): Task {
  return { kind: 'copy', path: `big${mebibytes}.txt`, mode: '644', content: text('big', 1024).repeat(mebibytes << 10) };
}

function template(i: number): Task {
  const items = Array.from({ length: 10 }, (_, k) => `item-${i}-${k}`);
  return { kind: 'template', path: `t${pad(i)}.conf`, mode: '644', items };
}

function directory(i: number): Task {
  return { kind: 'directory', path: `d${pad(i)}`, mode: '755' };
}

function command(i: number): Task {
  return { kind: 'command', path: `m${pad(i)}.done` };
}

function line(i: number): Task {
  return { kind: 'line', path: 'settings.ini', line: `key${pad(i)}=value${i}` };
}

/** Text that is the same every time. */
function text(seed: string, size: number): string {
  const lines: string[] = [];
  for (let hash = seed, length = 0; length < size; length += hash.length + 1) {
    hash = createHash('sha256').update(hash).digest('hex');
    lines.push(hash);
  }
  return `${lines.join('\n').slice(0, size - 1)}\n`;
}

function pad(value: number, width = 3): string {
  return String(value).padStart(width, '0');
}
