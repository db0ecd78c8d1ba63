import { isDeepStrictEqual } from 'node:util';
import { type Input, Later, laterIn, sourcesOf } from '../../../../model/deferred.ts';
import { CairnError, messageOf, problem } from '../../../../model/diagnostic.ts';
import { type AnyType, declare, type FieldChange, type More, type Resource } from '../../../../model/resource.ts';
import { reveal, Secret } from '../../../../model/secret.ts';
import { field } from '../../path-compare.ts';
import { type FragmentSpec, type FragmentWant, fragmentType } from '../fragment.ts';
import {
  type Format,
  type FoundValue,
  findValue,
  giveBackValue,
  putValue,
  showPath,
  type ValuePath,
} from './format.ts';
import { ini } from './ini.ts';
import { toml } from './toml.ts';
import { json, yaml } from './yaml.ts';

export interface ValueId {
  readonly path: string;
  /** Where in the file: `['log-opts', 'max-size']`, `['users', 0, 'name']`. Maps that are missing are made. */
  readonly at: ValuePath;
}

type Data = string | number | boolean | null | Secret | readonly Data[] | { readonly [key: string]: Data };

interface ValueWant extends FragmentWant {
  /** As `Data`; the type would be too deep for plans. */
  readonly value?: unknown;
}

/** A value of a structured file. */
export interface ValueSpec extends ValueId, FragmentSpec {
  /** Required unless `absent`. A map or a list is compared and replaced as a whole. */
  readonly value?: Input<Data>;
  readonly absent?: boolean;
}

/** One value of a YAML file. Comments and order of everything else stay. */
export const yamlValue = valuesOf('yamlValue', yaml);

/** One value of a JSON file. Comments, order and space of everything else stay. */
export const jsonValue = valuesOf('jsonValue', json);

/** One value of an INI file: section and key. Comments, order and space of everything else stay. */
export const iniValue = valuesOf('iniValue', ini);

/** One value of a TOML file. Comments, order and space of everything else stay. */
export const tomlValue = valuesOf('tomlValue', toml);

function valuesOf(name: string, format: Format) {
  const type = fragmentType<ValueId, ValueWant, FoundValue>({
    name,
    identity: ['path', 'at'],
    key: ({ at }) => encodeURI(showPath(at)).replaceAll('*', '%2A'),
    title: ({ path, at }) => `${showPath(at)} of ${path}`,
    find: (text, { path, at }) => understood(format, path, () => findValue(format, text, at)),
    put: (text, { path, at }, { value }) =>
      understood(format, path, () => {
        const data = readBack(format, plain(value));
        const changed = putValue(format, text, at, data);
        const after = findValue(format, changed, at);
        if (typeof after === 'object' && isDeepStrictEqual(after?.data, data)) return changed;
        throw new Error(`${showPath(at)} can't be written there`);
      }),
    giveBack: (text, { path, at }, before, missing) =>
      understood(format, path, () => giveBackValue(format, text, at, { before, missing })),
    change: (found, { value }) => changeOf({ name, format }, found, value),
    same: (a, b) => isDeepStrictEqual(a.data, b.data),
    show: ({ data }) => JSON.stringify(data),
  });
  const any = type as unknown as AnyType;
  const make = ({ path, at, ...want }: ValueSpec, more?: More): Resource<ValueId> => {
    if (want.value !== undefined && !holdsSecret(want.value) && sourcesOf(want.value).size === 0)
      readBack(format, plain(want.value));
    return declare<ValueId>(any, 'managed', { path, at }, want, more);
  };
  return Object.assign(make, { type: any });
}

function understood<T>(format: Format, path: string, edit: () => T): T {
  try {
    return edit();
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw new CairnError(problem('unreadable', `${path} as ${format.title}: ${(error as Error).message}`));
  }
}

function changeOf(
  { name, format }: { readonly name: string; readonly format: Format },
  found: FoundValue | undefined,
  value: unknown,
): FieldChange | null {
  if (value === undefined) throw missingValue();
  if (laterIn(value).length > 0 || value instanceof Later) return { path: name, how: 'later', secret: false };
  const data = readBack(format, plain(value));
  if (found && isDeepStrictEqual(found.data, data)) return null;
  if (holdsSecret(value)) return { path: name, how: 'update', secret: true };
  return field(name, found && JSON.stringify(found.data), JSON.stringify(data));
}

// What a format can't hold is refused before anything is read.
function readBack({ title, asRead }: Format, data: unknown): unknown {
  try {
    return asRead ? asRead(data) : data;
  } catch (error) {
    throw new CairnError(
      problem('bad-value', `${JSON.stringify(data)} can't be a value in ${title}: ${messageOf(error)}`),
    );
  }
}

function missingValue(): CairnError {
  return new CairnError(problem('no-content', 'a value has neither value nor absent: true'));
}

function plain(value: unknown): unknown {
  if (value === undefined) throw missingValue();
  if (value instanceof Secret) return reveal(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret);
}
