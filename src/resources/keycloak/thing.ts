import { Later } from '../../model/deferred.ts';
import type { KeycloakReader, KeycloakWriter, KeycloakWritten } from '../../model/keycloak.ts';
import {
  type Declare,
  type FieldChange,
  json,
  type Loss,
  type ResourceType,
  resourceType,
  type Written,
} from '../../model/resource.ts';
import { Secret } from '../../model/secret.ts';
import { readingOf, seen } from '../reading.ts';
import { compareFields, differenceTo } from './difference.ts';
import { at, type Fields, isFields, isSame, leavesOf, merged, normalFields } from './fields.ts';
import { type Meant, wishOf } from './wish.ts';

/** A thing of Keycloak as it is: the id that the server gave it, and its normal form. */
export interface Image {
  readonly id: string;
  readonly fields: Fields;
}

/** The wish for most things may be that they aren't there. */
export interface Absent {
  readonly absent?: boolean;
}

type Base<Id, Out> = ResourceType<'keycloak', Id, unknown, Image, Out>;

/** One sort of thing that Keycloak holds: how it is found, made, altered and removed. All the rest follows from its normal form. */
export interface Thing<Id, Out>
  extends Meant,
    Pick<Base<Id, Out>, 'name' | 'identity' | 'address' | 'title'>,
    Partial<Pick<Base<Id, Out>, 'holds' | 'phase'>> {
  /** Paths whose values are never shown. */
  readonly secrets?: readonly string[];
  look(id: Id, from: KeycloakReader): Promise<Image | null>;
  /** `uuid`: that of a thing which comes back. */
  make(id: Id, fields: Fields, to: KeycloakWriter, uuid?: string): Promise<KeycloakWritten>;
  alter(id: Id, change: { readonly from: Image; readonly to: Fields }, to: KeycloakWriter): Promise<KeycloakWritten>;
  drop(id: Id, image: Image, to: KeycloakWriter): Promise<KeycloakWritten>;
  out(image: Image, id: Id): Out;
  loss?(id: Id, image: Image): Loss;
}

/** Makes the function by which steps declare things of such a sort. */
export function thing<Id, Want, Out>(of: Thing<Id, Out>): Declare<Id, Want, Out> {
  const { secrets: _s, adds: _a, look: _l, make: _m, alter: _c, drop: _d, once: _o, loss, ...rest } = of;
  const isSecret = (path: string): boolean => of.secrets?.includes(path) === true;
  const compare = (a: Image | null, b: Image | null): readonly FieldChange[] =>
    compareFields(a?.fields ?? null, b?.fields ?? null, isSecret);
  return resourceType<'keycloak', Id, Want, Image, Out>({
    ...rest,
    version: 1,
    on: 'keycloak',
    codec: json<Image>(),
    compare,
    read: async (id, from) => await readingOf(() => lookAt(of, id, from)),
    diff: (live, want) => {
      if (want instanceof Later) return { changes: [{ path: '(all)', how: 'later', secret: false }], foreign: [] };
      if (isGone(want)) return { changes: compare(live, null), foreign: [], removes: true };
      return differenceTo(live?.fields ?? null, wishOf(want, live?.fields ?? null, of), isSecret);
    },
    write: async ({ id, want, live }, to) => {
      const old = live?.fields ?? null;
      const goal = isGone(want) ? null : normalFields(merged(old ?? {}, wishOf(want, old, of)));
      return await bring(of, { id, live, goal }, to);
    },
    restore: async ({ id, before, live }, to) =>
      await bring(of, { id, live, goal: before?.fields ?? null, ...(before ? { uuid: before.id } : {}) }, to),
    fields: ({ fields }) =>
      [...leavesOf(fields)].map(([path, value]) => [path, isSecret(path) ? sealed(value) : value]),
    loss: async (id, live) => loss?.(id, live) ?? { is: 'none' },
  });
}

function isGone(want: unknown): boolean {
  return want === null || (isFields(want) && want.absent === true);
}

// Whatever prints an image later: the net knows its secrets.
async function lookAt<Id, Out>(of: Thing<Id, Out>, id: Id, from: KeycloakReader): Promise<Image | null> {
  const image = await of.look(id, from);
  for (const path of of.secrets ?? []) {
    const value = image && at(image.fields, path);
    if (typeof value === 'string') new Secret(value);
  }
  return image;
}

interface Change<Id> {
  readonly id: Id;
  readonly live: Image | null;
  readonly goal: Fields | null;
  readonly uuid?: string;
}

async function bring<Id, Out>(
  of: Thing<Id, Out>,
  { id, live, goal, uuid }: Change<Id>,
  to: KeycloakWriter,
): Promise<Written<Image>> {
  const now = await lookAt(of, id, to);
  if (live?.id !== now?.id || !isSame(live?.fields, now?.fields)) return { is: 'moved', now: seen(now) };
  if (isSame(now?.fields ?? null, goal)) return { is: 'written', live: now };
  const done = await carryOut(of, { id, live: now, goal, ...(uuid === undefined ? {} : { uuid }) }, to);
  const after = await lookAt(of, id, to);
  return done.is === 'written' ? { is: 'written', live: after } : { is: 'moved', now: seen(after) };
}

async function carryOut<Id, Out>(
  of: Thing<Id, Out>,
  { id, live, goal, uuid }: Change<Id>,
  to: KeycloakWriter,
): Promise<KeycloakWritten> {
  if (goal === null) return live ? of.drop(id, live, to) : { is: 'written' };
  return live ? of.alter(id, { from: live, to: goal }, to) : of.make(id, goal, to, uuid);
}

function sealed(value: unknown): string {
  return new Secret(JSON.stringify(value)).fingerprint();
}
