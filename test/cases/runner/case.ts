import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type as T } from 'typebox';
import { parse } from 'yaml';
import { validate } from '../../../src/project/vars/schema.ts';

const folder = join(import.meta.dirname, '..');
const texts = T.Array(T.String());
const byPath = T.Record(T.String(), T.Unknown());

/** A program of the fake host, besides the commands that the step itself declares. */
const program = T.Object({
  /** Words that begin its command line; `*` stands for anything in a word. */
  run: texts,
  /** What it prints. */
  says: T.Optional(T.String()),
  /** It fails while one of these isn't there. */
  needs: T.Optional(texts),
  /** Files it makes, and files it removes. */
  makes: T.Optional(texts),
  removes: T.Optional(texts),
  /** What HTTP holds afterwards, by path. */
  serves: T.Optional(texts),
});

/** What the world holds before. */
const given = T.Object({
  files: T.Optional(T.Record(T.String(), T.String())),
  folders: T.Optional(texts),
  /** Installed by hand, with their versions. */
  packages: T.Optional(T.Record(T.String(), T.String())),
  programs: T.Optional(T.Array(program)),
  /** Commands of the step, by address, whose effect is there already. */
  done: T.Optional(texts),
  /** Kubernetes objects, made by kubectl. */
  objects: T.Optional(T.Array(T.Unknown())),
  /** What the index holds, by path. */
  http: T.Optional(T.Record(T.String(), byPath)),
  /** OWNER/NAME of the repositories of a GitHub. */
  github: T.Optional(texts),
});

const edit = T.Object({
  edit: T.String(),
  set: byPath,
});

const schema = T.Array(
  T.Object({
    /** A sentence. */
    it: T.String(),
    /** Default `local`, with `playbooks/start.yaml`; `example` has `playbooks/devpi.yaml` alone, and services of a site. */
    inventory: T.Optional(T.Union([T.Literal('local'), T.Literal('example')])),
    /** As in the inventory, over that one. */
    vars: T.Optional(byPath),
    given: T.Optional(given),
    /** Steps that have run before, with the same values. */
    needs: T.Optional(texts),
    /** What happened since: runs of the step, with these or other values; edits by somebody else; things that were deleted. */
    after: T.Optional(
      T.Array(
        T.Union([
          T.Literal('up'),
          T.Object({ up: byPath }),
          edit,
          /** Server-side apply of fields by another program; `by` is its field manager. */
          T.Object({ apply: T.Unknown(), by: T.String() }),
          T.Object({ delete: T.String() }),
        ]),
      ),
    ),
    /** Every change, in order; `*` stands for anything. */
    plan: texts,
    /** Code of the first reason why the run isn't begun, or of the first cause where it fails. */
    fails: T.Optional(T.String()),
    /** What undo leaves, as files, packages and objects; default nothing. */
    stays: T.Optional(texts),
  }),
);

export type Case = Static<typeof schema>[number];
export type InventoryName = NonNullable<Case['inventory']>;
export type Given = Static<typeof given>;
export type Program = Static<typeof program>;
export type Edit = Static<typeof edit>;

/** The ids of steps that have cases: `devpi/30_redis`. */
export function stepsWithCases(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort();
}

/** The cases of a step. @throws Error with what is wrong in the file */
export function readCases(step: string): readonly Case[] {
  const cases: unknown = parse(readFileSync(join(folder, `${step}.yaml`), 'utf8'), { merge: true });
  const errors = validate(schema, cases).map(({ instancePath, message }) => `${instancePath} ${message}`);
  if (errors.length > 0) throw new Error(`test/cases/${step}.yaml: ${errors.join(', ')}`);
  return cases as readonly Case[];
}
