import { expect, test } from 'vitest';
import { importsOf, type SourceFile, sourcesIn } from './sources.ts';

/** What each room may import besides itself. The command line composes everything. */
const table: Readonly<Record<string, readonly string[]>> = {
  model: [],
  render: ['model'],
  connect: ['model'],
  journal: ['model'],
  report: ['model'],
  project: ['model', 'render'],
  resources: ['model', 'render'],
  plan: ['model', 'render'],
  run: ['model', 'render', 'plan'],
  sdk: ['model', 'render', 'resources'],
  cli: ['model', 'render', 'plan', 'run', 'resources', 'connect', 'journal', 'report', 'project', 'sdk'],
};

const sources = sourcesIn('src');
const content = [...sourcesIn('steps'), ...sourcesIn('roles')];

function roomOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function breaches(
  files: readonly SourceFile[],
  isAllowed: (file: SourceFile, name: string) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((name) => !isAllowed(file, name)).map((name) => `${file.path} imports ${name}`),
  );
}

test('imports are found in every form', () => {
  const text = `import a, { type B } from 'one';
import type {
  C,
} from "./two.ts";
import 'three';
export * from 'four';
const late = await import('five');
type D = import('six').D;
const words = "import x from 'no'";`;
  expect(importsOf(text)).toEqual(['one', './two.ts', 'four', 'three', 'five', 'six']);
});

test('every folder of src is in the import table', () => {
  expect([...new Set(sources.map((file) => roomOf(file.path)))].filter((room) => !(room in table))).toEqual([]);
});

test('each room imports only what the table allows', () => {
  const found = breaches(sources, (file, name) => {
    if (!name.startsWith('src/')) return !/^(?:steps|roles|test|scripts|bench)\//.test(name);
    const room = roomOf(file.path);
    return roomOf(name) === room || (table[room] ?? []).includes(roomOf(name));
  });
  expect(found).toEqual([]);
});

// Types are gone when it runs.
const isTypeOnly = ({ text }: SourceFile, name: string): boolean =>
  /^import type /m.test(text) && !new RegExp(`^(?!import type).*['"]${name}['"]`, 'm').test(text);

test('only connect/ talks to the world through a library', () => {
  const found = breaches(
    sources,
    (file, name) =>
      roomOf(file.path) === 'connect' ||
      !/^(?:ssh2|zx|@kubernetes\/client-node|@keycloak\/.*)(?:\/|$)/.test(name) ||
      isTypeOnly(file, name),
  );
  expect(found).toEqual([]);
});

test('steps and roles know the SDK and roles, and nothing else of the machine', () => {
  const found = breaches(content, (_, name) => /^(?:@cairnhq\/cairn$|node:|roles\/)/.test(name));
  expect(found).toEqual([]);
});

test('nothing but the SDK passes on what another module exports', () => {
  expect(sources.filter((file) => file.reexports && file.path !== 'src/sdk.ts').map((file) => file.path)).toEqual([]);
});
