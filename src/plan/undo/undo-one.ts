import { type BaselineEntry, isBack } from '../../model/baseline.ts';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import { noGit } from '../../model/git.ts';
import type { PlannedChange, Verb } from '../../model/plan.ts';
import type { AnyType, FieldChange, Loss } from '../../model/resource.ts';
import { type Reach, readerFor } from '../access.ts';
import { keyOf } from '../compile.ts';
import { changedAfterUs } from './changed-after.ts';
import { type Found, type Located, locate } from './locate.ts';
import { strangeRun, writtenElsewhere } from './other-journal.ts';
import type { PreparedUndo, UndoInput, UndoPlace } from './undo.ts';

/** What a person allows undo to do beyond giving back. */
export interface UndoConsent {
  /** Take fields that others changed after us. */
  readonly force: boolean;
  /** Also what steps keep: packages, caches. */
  readonly all: boolean;
}

const noLoss: Loss = { is: 'none' };

const nowhere: Reach = {
  host: undefined,
  cluster: undefined,
  http: { send: () => Promise.reject(new Error('no target')) },
  git: noGit,
};

/** Says what taking one thing back would do. */
export async function planUndoOf(input: UndoInput, entry: BaselineEntry, place: UndoPlace): Promise<PreparedUndo> {
  const type = typeOf(input, entry);
  const before = entry.before === null ? null : type.codec.decode(entry.before, entry.beforeVersion);
  const targetName = place.is === 'unknown' ? entry.target : `${place.target.kind}:${place.target.name}`;
  const base = { entry, type, id: entry.id, reach: nowhere, before, live: null };
  const say = (verb: Verb, more: Partial<PlannedChange> = {}): PlannedChange => lineOf(entry, targetName, verb, more);
  switch (place.is) {
    case 'unknown':
      return { ...base, change: say('refused', { problem: noTarget(entry) }) };
    case 'gone':
      return { ...base, change: say('unchanged', { why: `the ${place.target.kind} that it was on is gone` }) };
    case 'unreachable':
      return { ...base, change: say('refused', { problem: place.state.why }) };
    case 'there': {
      const declared = idOf(entry, place);
      const id = type.on === 'kubernetes' || declared === undefined ? entry.id : declared;
      const found = { ...base, reach: place.reach, id };
      const settled = withoutLooking(input, { ...found, declared }, say);
      return settled ? { ...found, change: settled } : examine(input, await locate(found, declared), say);
    }
  }
}

// What the journal and the step alone can say.
function withoutLooking(
  { consent }: UndoInput,
  { entry, type, declared }: Found & { readonly declared: unknown },
  say: Say,
): PlannedChange | undefined {
  if (isBack(entry)) return say('unchanged', { why: 'taken back already' });
  if (entry.kept !== undefined && !consent.all) return say('kept', { why: entry.kept });
  if (type.onlyDeclared && declared === undefined) return undeclared(entry, consent, say);
  if (entry.halfForgotten !== undefined && !consent.force)
    return say('refused', { problem: halfForgotten(entry, entry.halfForgotten) });
  return undefined;
}

/** The line of what goes with the thing that it lives in. */
export function goAlong(input: UndoInput, entry: BaselineEntry, { change, reach }: PreparedUndo): PreparedUndo {
  const type = typeOf(input, entry);
  const line = lineOf(entry, change.target, 'remove', { why: `goes with ${change.title}` });
  return { entry, type, id: entry.id, reach, before: null, live: null, change: line, goesAlong: true };
}

function typeOf(input: UndoInput, entry: BaselineEntry): AnyType {
  const type = input.types.get(entry.type);
  if (type) return type;
  throw new CairnError(
    problem('unknown-type', `${entry.title} was made by a resource type "${entry.type}" that nothing here knows`, {
      help: `bring step ${entry.step} back, or undo with the release that made it`,
    }),
  );
}

// How an action is taken back stands in its step alone.
function undeclared(entry: BaselineEntry, { force }: UndoConsent, say: Say): PlannedChange {
  if (entry.inside)
    return say('kept', { why: `${entry.step} no longer declares it; it goes with ${entry.inside.address}` });
  if (force) return say('kept', { why: `${entry.step} no longer declares it; it is left as it is` });
  const cause = problem('not-declared', `${entry.title} can't be taken back: ${entry.step} no longer declares it`, {
    help: `give ${entry.step} the values of run ${entry.run} again, or leave it as it is with --force`,
  });
  return say('refused', { problem: cause });
}

// Actions carry functions in their id, so theirs comes from the project.
function idOf(entry: BaselineEntry, place: UndoPlace & { is: 'there' }): unknown {
  const key = keyOf(place.target, entry.address);
  return place.compiled?.resources.find(({ target, address }) => keyOf(target, address) === key)?.handle.id;
}

type Say = (verb: Verb, more?: Partial<PlannedChange>) => PlannedChange;

async function examine(input: UndoInput, { reading, isRenamed, ...found }: Located, say: Say): Promise<PreparedUndo> {
  const { change, live } = await judge(input, { ...found, reading, isRenamed }, say);
  return { ...found, change, live };
}

async function judge(input: UndoInput, found: Located, say: Say): Promise<{ change: PlannedChange; live: unknown }> {
  const { entry, type, id, reach, before, reading } = found;
  if (reading.is === 'unreadable') return { change: say('refused', { problem: reading.why }), live: null };
  const live = reading.is === 'present' ? reading.live : null;
  const fields = type.compare(live, before);
  // What is part of a file may be absent in two ways, which compare as one.
  if ((live === null || before === null) && fields.length === 0)
    return { change: say('unchanged', { why: 'gone already' }), live };
  if (live !== null && before !== null && fields.length === 0) {
    const isOurs = marked(type, live) && !marked(type, before);
    const due = type.restarts?.due(live) ?? [];
    if (due.length > 0) return { change: say('restart', { fields: due }), live };
    const why = isOurs ? 'given back: ownership' : 'it is as it was';
    return { change: say(isOurs ? 'update' : 'unchanged', { why }), live };
  }
  const strange = input.consent.force ? undefined : strangeRun(type, live, input.runs);
  if (strange !== undefined)
    return { change: say('refused', { problem: writtenElsewhere([entry.title], strange) }), live };
  const foreign = input.consent.force || found.isRenamed ? [] : await changedAfterUs(found, live);
  if (foreign.length > 0) {
    return { change: say('refused', { fields: foreign, problem: foreignChange(entry, foreign) }), live };
  }
  if (before !== null) return { change: say(live === null ? 'create' : 'update', { fields, why: 'given back' }), live };
  const loss = live === null ? noLoss : await type.loss(id, live, readerFor(type.on, reach));
  // That what we made comes back with another identity is no loss to whoever was there before.
  const lost = loss.is === 'data' ? loss : noLoss;
  return { change: say('remove', { loss: lost, why: `created by run ${entry.run}` }), live };
}

// What was adopted as it is differs by nothing but that.
function marked(type: AnyType, live: unknown): boolean {
  return (type.marks?.(live) ?? []).length > 0;
}

function halfForgotten({ title, address, playbook }: BaselineEntry, run: string): Diagnostic {
  return problem('half-forgotten', `${title} was to be let go of by run ${run}, which did not end`, {
    help: `end it with  cairn forget ${playbook} ${address}  or take it back anyway with --force`,
  });
}

function foreignChange(entry: BaselineEntry, fields: readonly FieldChange[]): Diagnostic {
  const named = fields.map(({ path, note }) => (note === undefined ? path : `${path} (${note})`));
  return problem(
    'changed-after-us',
    `${entry.title} was changed by somebody else after run ${entry.run}: ${named.join(', ')}`,
    {
      help: 'put it back as it was, or take it anyway with --force',
    },
  );
}

/** Its target isn't named here. */
export function noTarget(entry: BaselineEntry): Diagnostic {
  return problem(
    'no-target',
    `${entry.title} was made on ${entry.target}, which this playbook and inventory don't name`,
    {
      help: 'name the inventory that made it with -i',
    },
  );
}

/** A line of a plan about what the journal knows. */
export function lineOf(entry: BaselineEntry, target: string, verb: Verb, more: Partial<PlannedChange>): PlannedChange {
  return {
    name: entry.address,
    type: entry.type,
    address: entry.address,
    title: entry.title,
    target,
    verb,
    certainty: 'exact',
    fields: [],
    foreign: [],
    loss: { is: 'none' },
    ...more,
  };
}
