import { type Diagnostic, problem, type Source, throwAll } from '../../../model/diagnostic.ts';
import type { KubeReader } from '../../../model/kube.ts';
import type { Resource } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import { type Fields, isFields, textAt } from '../compare/json.ts';
import { addressOf, type ObjectId, titleOf } from '../id.ts';
import { jobOf } from '../kinds/job.ts';
import { declareObject } from '../object.ts';
import type { Located } from './documents.ts';
import { isOfKubernetes, type Scope, scopesOf } from './scope.ts';

/** An object of a set, ready to be declared. */
export interface Placed {
  readonly id: ObjectId;
  /** Without what names it, what the server writes, and empty fields. */
  readonly want: Fields;
  readonly source: Source;
}

export interface PlaceOptions {
  /** For objects of namespaced kinds that name none. */
  readonly namespace?: string | undefined;
  readonly kube: KubeReader | null;
}

export interface PlacedObjects {
  readonly objects: readonly Placed[];
  readonly problems: readonly Diagnostic[];
}

/** Gives objects their namespaces; finds what would be written twice. */
export async function placeObjects(located: readonly Located[], options: PlaceOptions): Promise<PlacedObjects> {
  const scopeOf = await scopesOf(
    located.map(({ object }) => object),
    options.kube,
  );
  const seen = new Map<string, Source>();
  const problems: Diagnostic[] = [];
  const objects: Placed[] = [];
  for (const { object, source } of located) {
    const id = idFor(object, scopeOf(object), options.namespace);
    const place = { source };
    if (scopeOf(object) === 'namespace' && id.namespace === undefined)
      problems.push(
        problem('no-namespace', `${titleOf(id)} has no namespace`, {
          ...place,
          help: 'write metadata.namespace, or give the step a namespace for those that have none',
        }),
      );
    const first = seen.get(addressOf(id));
    if (first)
      problems.push(
        problem('object-twice', `${titleOf(id)} is there twice: also at ${first.file}:${first.line}`, {
          ...place,
          help: 'keep one of them',
        }),
      );
    seen.set(addressOf(id), source);
    objects.push({ id, want: wishOf(object), source });
  }
  return { objects, problems };
}

/** The same as resources. @throws CairnError with all that is wrong */
export async function resourcesOf(
  located: readonly Located[],
  options: PlaceOptions,
): Promise<readonly Resource<unknown>[]> {
  const { objects, problems } = await placeObjects(located, options);
  throwAll(problems);
  return objects.map(({ id, want }) => declarePlaced(id, want));
}

/** An object of a set as a resource: a Job runs once for each set of inputs. */
export function declarePlaced(id: ObjectId, want: Fields, after: readonly Resource<unknown>[] = []): Resource<unknown> {
  const more = after.length > 0 ? { after } : {};
  return id.kind === 'Job' && id.apiVersion.startsWith('batch/')
    ? jobOf(id, want, more)
    : declareObject(id, want, more);
}

function idFor({ apiVersion, kind, metadata }: Fields, scope: Scope, fallback: string | undefined): ObjectId {
  const own = textAt(metadata, 'namespace') || undefined;
  const namespace = scope === 'cluster' ? undefined : (own ?? fallback);
  const id = { apiVersion: String(apiVersion), kind: String(kind), name: textAt(metadata, 'name') ?? '' };
  return { ...id, ...(namespace === undefined ? {} : { namespace }) };
}

const named: ReadonlySet<string> = new Set(['name', 'namespace']);
const written: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

function wishOf(object: Fields): Fields {
  const { apiVersion, kind, metadata, status: _, ...rest } = object;
  // To kinds of Kubernetes null means the same as nothing; other kinds may tell them apart.
  const fields = isOfKubernetes(String(apiVersion)) ? (withoutNulls(rest) as Fields) : rest;
  const kept = Object.entries(isFields(metadata) ? metadata : {}).filter(
    ([field, value]) => !named.has(field) && !written.has(field) && value !== null,
  );
  const wish = kept.length === 0 ? fields : { metadata: Object.fromEntries(kept), ...fields };
  return kind === 'Secret' && apiVersion === 'v1' ? concealed(wish) : wish;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}

// Known as secrets to whatever prints, encoded and plain.
function concealed(wish: Fields): Fields {
  const { data, stringData, ...rest } = wish;
  return {
    ...rest,
    ...(isFields(data) ? { data: mapText(data, encodedSecret) } : {}),
    ...(isFields(stringData) ? { stringData: mapText(stringData, (text) => new Secret(text)) } : {}),
  };
}

function encodedSecret(text: string): Secret {
  new Secret(Buffer.from(text, 'base64').toString());
  return new Secret(text);
}

function mapText(fields: Fields, change: (text: string) => unknown): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? change(value) : value]),
  );
}
