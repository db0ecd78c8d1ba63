import { Later } from '../../model/deferred.ts';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { EndpointType } from '../../model/endpoint.ts';
import type { Ports } from '../../model/ports.ts';
import {
  type Declare,
  type FieldChange,
  json,
  type Loss,
  type Merged,
  type ResourceType,
  resourceType,
  type Written,
} from '../../model/resource.ts';
import { Secret } from '../../model/secret.ts';
import { readingOf, seen } from '../reading.ts';
import { compareFields, differenceTo } from './difference.ts';
import { at, type Fields, isFields, isSame, leavesOf, merged, normalFields } from './fields.ts';
import { type Meant, sealedIn, wishOf } from './wish.ts';

/** A thing of a service as it is: the id that the server gave it, and its normal form. */
export interface Image {
  readonly id: string;
  readonly fields: Fields;
}

/** The wish for most things may be that they aren't there. */
export interface Absent {
  readonly absent?: boolean;
}

/** What a service did with a change. `conflict`: such a thing is there already, or it is gone. */
export type Done = { readonly is: 'written'; readonly id?: string } | { readonly is: 'conflict' };

type Base<P extends EndpointType, Id, Out> = ResourceType<P, Id, unknown, Image, Out>;
type Reader<P extends EndpointType> = Ports[P]['reader'];
type Writer<P extends EndpointType> = Ports[P]['writer'];

/** What a step says of a thing, as far as it is known. */
export interface Wish {
  readonly fields: Fields;
  /** Sealed fields in plain text. */
  readonly sealed: Fields;
}

/** How a thing is to be. */
export interface Goal {
  /** What is there. */
  readonly from: Image;
  readonly to: Fields;
  /** Sealed fields of the wish in plain text; empty in an undo, which doesn't know them. */
  readonly sealed: Fields;
}

/** One sort of thing that a service holds: how it is found, made, altered and removed. All the rest follows from its normal form. */
export interface Thing<P extends EndpointType, Id, Out>
  extends Meant,
    Pick<Base<P, Id, Out>, 'name' | 'identity' | 'address' | 'title'>,
    Partial<Pick<Base<P, Id, Out>, 'holds' | 'phase'>> {
  /** Paths whose values are never shown. */
  readonly secrets?: readonly string[];
  look(id: Id, from: Reader<P>): Promise<Image | null>;
  /** What only a try can tell, told as fields of what is there. @throws CairnError where a wish can't come true */
  tried?(id: Id, wish: Wish, live: Image | null, from: Reader<P>): Promise<Fields>;
  /** `uuid`: that of a thing which comes back. */
  make(id: Id, fields: Fields, to: Writer<P>, more: { readonly uuid?: string; readonly sealed: Fields }): Promise<Done>;
  /** Left out: it can't be changed in place, and is made anew. */
  alter?(id: Id, change: Goal, to: Writer<P>): Promise<Done>;
  drop(id: Id, image: Image, to: Writer<P>): Promise<Done>;
  out(image: Image, id: Id): Out;
  loss?(id: Id, image: Image, from: Reader<P>): Loss | Promise<Loss>;
}

/** Makes the function by which steps declare things of such a sort. */
export function thing<P extends EndpointType, Id, Want, Out>(on: P, of: Thing<P, Id, Out>): Declare<Id, Want, Out> {
  const { name, identity, address, title, holds, phase } = of;
  const isSecret = (path: string): boolean => [...(of.secrets ?? []), ...(of.sealed ?? [])].includes(path);
  const how = of.alter ? 'update' : 'replace';
  const compare = (a: Image | null, b: Image | null): readonly FieldChange[] =>
    compareFields(a?.fields ?? null, b?.fields ?? null, isSecret);
  return resourceType<P, Id, Want, Image, Out>({
    name,
    identity,
    address,
    title,
    ...(holds ? { holds } : {}),
    ...(phase ? { phase } : {}),
    version: 1,
    on,
    codec: json<Image>(),
    compare,
    read: async (id, from) => await readingOf(() => lookAt(of, id, from)),
    ...(of.tried ? { merge: (id, want, live, from) => tryWish(of, { id, want, live }, from) } : {}),
    diff: (live, want, merged) => {
      if (want instanceof Later) return { changes: [{ path: '(all)', how: 'later', secret: false }], foreign: [] };
      if (isGone(want)) return { changes: compare(live, null), foreign: [], removes: true };
      const found = live === null ? null : (merged ?? live).fields;
      const { changes, foreign } = differenceTo(found, wishOf(want, found, of), isSecret);
      return { changes: changes.map((one) => (live && one.how === 'update' ? { ...one, how } : one)), foreign };
    },
    write: async ({ id, want, live }, to) => {
      const old = live?.fields ?? null;
      const goal = isGone(want) ? null : normalFields(merged(old ?? {}, wishOf(want, old, of)));
      return await bring(of, { id, live, goal, sealed: isGone(want) ? {} : sealedIn(want, of) }, to);
    },
    restore: async ({ id, before, live }, to) => {
      const uuid = before ? { uuid: before.id } : {};
      return await bring(of, { id, live, goal: before?.fields ?? null, sealed: {}, ...uuid }, to);
    },
    fields: ({ fields }) =>
      [...leavesOf(fields)].map(([path, value]) => [path, isSecret(path) ? sealed(value) : value]),
    out: (image, id) => of.out(image, id),
    loss: async (id, live, from) => (await of.loss?.(id, live, from)) ?? { is: 'none' },
  });
}

function isGone(want: unknown): boolean {
  return want === null || (isFields(want) && want.absent === true);
}

async function tryWish<P extends EndpointType, Id, Out>(
  of: Thing<P, Id, Out>,
  { id, want, live }: { readonly id: Id; readonly want: unknown; readonly live: Image | null },
  from: Reader<P>,
): Promise<Merged<Image>> {
  const isWish = !(want instanceof Later) && !isGone(want);
  const wish = isWish && { fields: wishOf(want, live?.fields ?? null, of), sealed: sealedIn(want, of) };
  const told = wish && (await of.tried?.(id, wish, live, from));
  return { live: { id: live?.id ?? '', fields: { ...live?.fields, ...told } }, certainty: 'exact' };
}

// Whatever prints an image later: the net knows its secrets.
async function lookAt<P extends EndpointType, Id, Out>(
  of: Thing<P, Id, Out>,
  id: Id,
  from: Reader<P>,
): Promise<Image | null> {
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
  readonly sealed: Fields;
  readonly uuid?: string;
}

async function bring<P extends EndpointType, Id, Out>(
  of: Thing<P, Id, Out>,
  change: Change<Id>,
  to: Writer<P>,
): Promise<Written<Image>> {
  const { id, live, goal } = change;
  const now = await lookAt(of, id, to);
  if (live?.id !== now?.id || !isSame(live?.fields, now?.fields)) return { is: 'moved', now: seen(now) };
  if (isSame(now?.fields ?? null, goal)) return { is: 'written', live: now };
  const done = await carryOut(of, { ...change, live: now }, to);
  const after = await lookAt(of, id, to);
  if (done.is === 'written') return { is: 'written', live: after };
  if (goal !== null && now === null && after === null) throw new CairnError(nowhere(of.title(id)));
  return { is: 'moved', now: seen(after) };
}

// Nobody made it meanwhile, so what was refused is the place.
function nowhere(title: string): Diagnostic {
  return problem('no-place', `${title} can't be made: what it belongs to is not there`, {
    help: 'make that first, or correct its name',
  });
}

async function carryOut<P extends EndpointType, Id, Out>(
  of: Thing<P, Id, Out>,
  { id, live, goal, sealed, uuid }: Change<Id>,
  to: Writer<P>,
): Promise<Done> {
  if (goal === null) return live ? of.drop(id, live, to) : { is: 'written' };
  if (live && of.alter) return of.alter(id, { from: live, to: goal, sealed }, to);
  const gone = live ? await of.drop(id, live, to) : undefined;
  if (gone?.is === 'conflict') return gone;
  return of.make(id, goal, to, { sealed, ...(uuid === undefined ? {} : { uuid }) });
}

function sealed(value: unknown): string {
  return new Secret(JSON.stringify(value)).fingerprint();
}
