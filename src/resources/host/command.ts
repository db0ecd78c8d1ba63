import { type Inputs, isDeferred } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostWriter, Operation } from '../../model/host.ts';
import { type FieldChange, json, type More, type Resource, resourceType, type Written } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { readingOf } from '../reading.ts';
import { guardsOf, isDone, probesOf, questionsOf, saysDone, signsOf } from './command-probes.ts';
import { addressesAt, field } from './path-compare.ts';
import { plainPath } from './path-image.ts';

type Argv = readonly [string, ...string[]];

/** How a command is known and how its effect is seen. At least one of `creates`, `unless` and `onlyIf` is needed. */
export interface CommandId {
  /** Names it for people and in the journal, unique on its host: `build-kubelet`. */
  readonly id: string;
  /** It has been done when something is at this path. */
  readonly creates?: string;
  /** It has been done when this succeeds. Must not change anything. */
  readonly unless?: Argv;
  /** It has been done when this fails. Must not change anything. */
  readonly onlyIf?: Argv;
  /** Takes it back. Without one, say `.keep('why')`. */
  readonly undo?: Argv;
  /** Folder for the command, its probes and its undo; default `/`. */
  readonly cwd?: string;
  /** Seconds for the command and its undo; default an hour. */
  readonly timeout?: number;
  /** Seconds for a probe; default 30. */
  readonly probeTimeout?: number;
  /** For people: `5 min`. */
  readonly usually?: string;
}

export interface CommandWant {
  readonly argv: Argv;
  readonly env?: Readonly<Record<string, string | Secret>>;
  readonly stdin?: string | Secret;
}

/** A command has an effect or it hasn't; nothing more is known of it. */
export interface CommandLive {
  readonly done: true;
}

const done: CommandLive = { done: true };

const type = resourceType<'host', CommandId, CommandWant, CommandLive, CommandLive>({
  name: 'command',
  version: 1,
  on: 'host',
  identity: ['id', 'creates', 'unless', 'onlyIf', 'undo', 'cwd', 'timeout', 'probeTimeout', 'usually'],
  codec: json<CommandLive>(),
  address: (id) => `command/${checked(id).id}`,
  title: ({ id }) => `command ${id}`,
  read: async (id, from) => await readingOf(async () => ((await isDone(id, from)) ? done : null)),
  diff: (live, want) => ({ changes: compare(live, want === null ? null : done), foreign: [] }),
  write: async ({ id, want, live }, to) => {
    if (want === null) return await takeBack(id, live, to);
    if (live) return { is: 'written', live };
    return await change(id, null, { do: 'run', ...base(id), ...want }, to);
  },
  restore: async ({ id, before, live }, to) => {
    if (before === null) return await takeBack(id, live, to);
    if (live) return { is: 'written', live };
    throw new CairnError(problem('no-way-back', `command ${id.id} had its effect before, and it is gone now`));
  },
  compare,
  noWayBack: ({ undo }) => undo === undefined,
  saves: async ({ id }) => ({
    commands: id.undo ? [{ argv: id.undo, when: signsOf(id), ...(id.cwd === undefined ? {} : { cwd: id.cwd }) }] : [],
  }),
  out: () => done,
  loss: async (id) => (id.undo ? { is: 'none' } : { is: 'data', why: `command ${id.id} has no undo` }),
  touches: ({ creates }) => (creates === undefined ? [] : addressesAt(creates)),
  usually: ({ usually }) => usually,
});

/** A program that is run until its effect can be seen. Program and arguments, no shell: for one, say `['sh', '-c', …]`. */
export const command = Object.assign(declareCommand, { type: type.type, existing: type.existing });

// Steps are stripped of their types, not checked.
function declareCommand(spec: CommandId & Inputs<CommandWant>, more?: More): Resource<CommandLive> {
  const { argv, unless, onlyIf, undo } = spec as CommandId & CommandWant;
  for (const [name, words] of Object.entries({ argv, unless, onlyIf, undo })) {
    if (words === undefined || isDeferred(words) || (Array.isArray(words) && words.length > 0)) continue;
    throw new CairnError(
      problem('bad-command', `${name} of command ${spec.id} is no list of a program and its arguments`, {
        help: `write ${name}: ['program', 'argument'], or ${name}: ['sh', '-c', '…'] for what a shell understands`,
      }),
    );
  }
  return type(spec, more);
}

function checked(id: CommandId): CommandId {
  if (id.creates !== undefined) plainPath(id.creates);
  if (!/^\S+$/.test(id.id)) {
    throw new CairnError(problem('bad-command-id', `${JSON.stringify(id.id)} can't name a command: leave out spaces`));
  }
  if (probesOf(id).length > 0) return id;
  throw new CairnError(
    problem('no-probe', `command ${id.id} doesn't say how to see that it has been done`, {
      help: 'give it creates, unless or onlyIf',
    }),
  );
}

function compare(a: CommandLive | null, b: CommandLive | null): readonly FieldChange[] {
  return (a === null) === (b === null) ? [] : [field('done', a ? 'yes' : 'no', b ? 'yes' : 'no')];
}

function base({ cwd, timeout }: CommandId): { readonly cwd?: string; readonly timeout?: number } {
  return { ...(cwd === undefined ? {} : { cwd }), ...(timeout === undefined ? {} : { timeout }) };
}

async function takeBack(id: CommandId, live: CommandLive | null, to: HostWriter): Promise<Written<CommandLive>> {
  if (live === null) return { is: 'written', live: null };
  if (id.undo) return await change(id, live, { do: 'run', ...base(id), argv: id.undo }, to);
  throw new CairnError(
    problem('no-way-back', `command ${id.id} has no undo`, {
      help: `give it undo: […], or say .keep('why it may stay') in its step`,
    }),
  );
}

async function change(
  id: CommandId,
  live: CommandLive | null,
  operation: Operation,
  to: HostWriter,
): Promise<Written<CommandLive>> {
  const guards = guardsOf(id, live !== null);
  const changed = await to.change({ guards, operations: [operation], readBack: questionsOf(id) });
  const isMoved = changed.is === 'moved';
  const now = await readingOf(async () =>
    (isMoved ? await isDone(id, to) : saysDone(id, changed.answers)) ? done : null,
  );
  if (isMoved) return { is: 'moved', now };
  if (now.is === 'unreadable') throw new CairnError(now.why);
  if ((now.is === 'present') === (live !== null)) throw withoutEffect(id, live !== null);
  return { is: 'written', live: now.is === 'present' ? done : null };
}

function withoutEffect(id: CommandId, undone: boolean): CairnError {
  const what = undone ? `the undo of command ${id.id}` : `command ${id.id}`;
  return new CairnError(
    problem(
      'no-effect',
      `${what} succeeded, and ${probesOf(id).join(' and ')} still ${undone ? 'says' : 'denies'} that it has been done`,
      {
        help: 'look at what it printed, or correct how its effect is seen',
      },
    ),
  );
}
