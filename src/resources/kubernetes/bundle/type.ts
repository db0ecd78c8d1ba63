import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { ReadyOf } from '../../../model/ready.ts';
import { type AnyType, declare, type More, type Resource, type ResourceType } from '../../../model/resource.ts';
import type { Means, Tools } from '../../../model/tools.ts';
import { standIn } from '../../stand-in.ts';
import type { ObjectOut } from '../out.ts';

/** The outputs of a bundle's objects by address: `out['Deployment/shop/web'].uid`. */
export type BundleOut = Readonly<Record<string, ObjectOut>>;

/** What a step may say of all objects of a bundle, and of when some of them are ready. */
export interface BundleMore extends Omit<More, 'ready' | 'readyOf'> {
  readonly ready?: ReadyOf;
}

/** What a sort of bundle says of itself. */
export interface BundleSpec<Id, Want> {
  readonly name: string;
  readonly identity: readonly (keyof Id & string)[];
  /** For people: `manifests deploy/base`. */
  title(id: Id): string;
  inspect(id: Id, tools: Tools): Promise<readonly Diagnostic[]>;
  expand(id: Id, want: Want, means: Means): Promise<readonly Resource<unknown>[]>;
}

/** Makes the function by which steps declare a sort of bundle: a source that becomes objects while planning. */
export function bundle<Id, Want>(spec: BundleSpec<Id, Want>) {
  const type = typeOf(spec) as unknown as AnyType;
  return (id: Id, want: unknown, { ready, ...more }: BundleMore = {}): Resource<BundleOut> =>
    declare<BundleOut>(type, 'bundle', id, want, ready === undefined ? more : { ...more, readyOf: ready });
}

function typeOf<Id, Want>({
  name,
  identity,
  title,
  inspect,
  expand,
}: BundleSpec<Id, Want>): ResourceType<'kubernetes', Id, Want, object, object> {
  return {
    name,
    version: 1,
    on: 'kubernetes',
    identity,
    title,
    inspect,
    expand,
    ...standIn,
    address: (id) => title(id).replace(/[\s,]+/g, '/'),
  };
}

/** A path as a title has it: of an absolute one the part from `roles/` or `steps/` on, or its last two names. */
export function shortPath(path: string): string {
  if (!path.startsWith('/')) return path.replace(/^\.\/|\/$/g, '') || '.';
  const content = /\/((?:roles|steps)\/.*)$/.exec(path)?.[1];
  return content ?? path.split('/').filter(Boolean).slice(-2).join('/');
}
