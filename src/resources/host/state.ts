import { Later, laterIn, type Planned } from '../../model/deferred.ts';
import type { Guard, HostChanged, HostReader, HostWriter, Operation } from '../../model/host.ts';
import {
  type Declare,
  type Difference,
  type FieldChange,
  json,
  type Loss,
  type Reading,
  type ResourceType,
  resourceType,
  type Written,
} from '../../model/resource.ts';
import { Secret } from '../../model/secret.ts';
import { readingOf } from '../reading.ts';

/** Every wish may be that nothing is there. */
export interface Absent {
  readonly absent?: boolean;
}

/** What brings one state to another: guards against what others do meanwhile, then operations in order. */
export interface Steps {
  readonly guards?: readonly Guard[];
  readonly operations: readonly Operation[];
}

/**
 * A sort of thing whose whole image is a flat record of plain data. Making, changing, removing and giving back are all
 * one question: which steps lead from one state to another.
 */
export interface StateType<Id, Want extends Absent, State extends object>
  extends Pick<ResourceType<'host', Id, Want, State, State>, 'name' | 'identity' | 'address' | 'title'>,
    Partial<
      Pick<
        ResourceType<'host', Id, Want, State, State>,
        'place' | 'isWhole' | 'touches' | 'probes' | 'restarts' | 'saves'
      >
    > {
  /** The fields that are ours to compare; what an image holds besides is for giving it back. */
  readonly fields: readonly (keyof State & string)[];
  /** Those of them that are never shown. */
  readonly secret?: readonly (keyof State & string)[];
  /** What is there; null when nothing is. Rejects when it can't be told. */
  look(id: Id, from: HostReader): Promise<State | null>;
  /** The fields that a wish says something of. Keys of the wish that aren't known yet are left out of it. Pure. */
  wish(want: Partial<Want>, live: State | null): Partial<State>;
  /** `to` null: nothing may be there. `want` is null where a state is given back. Throws what the host lacks. */
  steps(
    change: {
      readonly id: Id;
      readonly from: State | null;
      readonly to: Partial<State> | null;
      readonly want: Want | null;
    },
    host: HostReader,
  ): Promise<Steps>;
  loss?(id: Id, live: State, from: HostReader): Promise<Loss>;
}

const mostAttempts = 5;

/** Makes the function by which steps declare things of such a sort. */
export function stateType<Id, Want extends Absent, State extends object>(
  of: StateType<Id, Want, State>,
): Declare<Id, Want, State> {
  const { fields: _, secret: _secret, look, wish, steps: _steps, loss, ...rest } = of;
  const compare = (a: State | null, b: State | null): readonly FieldChange[] => compareStates(of, a, b);
  return resourceType<'host', Id, Want, State, State>({
    ...rest,
    version: 1,
    on: 'host',
    codec: json<State>(),
    compare,
    read: async (id, from) => await readingOf(async () => await look(id, from)),
    diff: (live, want) => difference(of, live, want),
    write: async ({ id, want, live }, to) => {
      const wanted = want === null || want.absent === true ? null : wish(want, live);
      return await bring(of, { id, live, wanted, want }, to);
    },
    restore: async ({ id, before, live }, to) => {
      // Whether it must start anew shows only now.
      if (compare(before, live).length === 0 && !of.restarts) return { is: 'written', live };
      return await bring(of, { id, live, wanted: before, want: null }, to);
    },
    fields: (live) => of.fields.map((name) => [name, of.secret?.includes(name) ? sealed(live[name]) : live[name]]),
    out: (live) => live,
    loss: async (id, live, from) => (loss ? await loss(id, live, from) : { is: 'none' }),
  });
}

type Of<Id, Want extends Absent, State extends object> = StateType<Id, Want, State>;

function difference<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  live: State | null,
  want: Planned<Want> | null,
): Difference {
  if (want instanceof Later) return { changes: [{ path: '(all)', how: 'later', secret: false }], foreign: [] };
  const entries = Object.entries(want ?? { absent: true });
  const known = Object.fromEntries(entries.filter(([, value]) => laterIn(value).length === 0)) as Partial<Want>;
  if (known.absent === true) return { changes: compareStates(of, live, null), foreign: [], removes: true };
  const later = entries.flatMap(([path, value]): FieldChange[] =>
    laterIn(value).length === 0 ? [] : [{ path, how: 'later', secret: false }],
  );
  const wanted = of.wish(known, live);
  const changes = live === null ? born(of, wanted) : changesTo(of, live, wanted);
  return { changes: [...changes.filter(({ path }) => !later.some((one) => one.path === path)), ...later], foreign: [] };
}

function born<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  wanted: Partial<State>,
): readonly FieldChange[] {
  const told = of.fields.filter((name) => wanted[name] !== undefined);
  const changes = told.map((name) => change(of, name, undefined, wanted[name]));
  return changes.length > 0 ? changes : [presence(null, wanted)];
}

function changesTo<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  live: State,
  wanted: Partial<State>,
): readonly FieldChange[] {
  const changes = of.fields
    .filter((name) => wanted[name] !== undefined && !isSame(live[name], wanted[name]))
    .map((name) => change(of, name, live[name], wanted[name]));
  const next = of.fields.flatMap((name) => (wanted[name] === undefined ? [] : [[name, wanted[name]] as const]));
  return [...changes, ...(of.restarts?.due({ ...live, ...Object.fromEntries(next) }) ?? [])];
}

function compareStates<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  a: State | null,
  b: State | null,
): readonly FieldChange[] {
  if (a === null || b === null) return a === b ? [] : [presence(a, b)];
  return of.fields.filter((name) => !isSame(a[name], b[name])).map((name) => change(of, name, a[name], b[name]));
}

function presence(before: object | null, after: object | null): FieldChange {
  const word = (of: object | null): string => (of ? 'present' : 'absent');
  return { path: 'state', how: 'update', secret: false, before: word(before), after: word(after) };
}

function change<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  path: keyof State & string,
  before: unknown,
  after: unknown,
): FieldChange {
  if (of.secret?.includes(path)) return { path, how: 'update', secret: true };
  return {
    path,
    how: 'update',
    secret: false,
    ...(before === undefined ? {} : { before: show(before) }),
    after: show(after),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(show).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function sealed(value: unknown): string {
  return new Secret(JSON.stringify(value ?? null)).fingerprint();
}

// Guards may fail because of what isn't ours (another user in the same file): then it is looked at and tried again.
async function bring<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  change: { id: Id; live: State | null; wanted: Partial<State> | null; want: Want | null },
  to: HostWriter,
): Promise<Written<State>> {
  const { id, live, wanted, want } = change;
  for (let attempt = 1; ; attempt += 1) {
    const now = await of.look(id, to);
    if (compareStates(of, live, now).length > 0 || attempt > mostAttempts) return { is: 'moved', now: reading(now) };
    if (isThere(of, now, wanted)) return { is: 'written', live: now };
    const { guards = [], operations } = await of.steps({ id, from: now, to: wanted, want }, to);
    const done: HostChanged = await to.change({ guards, operations, readBack: [] });
    if (done.is === 'written') return { is: 'written', live: await of.look(id, to) };
  }
}

function isThere<Id, Want extends Absent, State extends object>(
  of: Of<Id, Want, State>,
  now: State | null,
  wanted: Partial<State> | null,
): boolean {
  if (now === null || wanted === null) return now === null && wanted === null;
  return changesTo(of, now, wanted).length === 0;
}

function reading<State>(now: State | null): Reading<State> {
  return now === null ? { is: 'absent' } : { is: 'present', live: now };
}
