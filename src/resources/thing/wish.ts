import { Later, laterIn } from '../../model/deferred.ts';
import { revealText, Secret } from '../../model/secret.ts';
import { type Fields, isFields, isPlain, normal, pathTo } from './fields.ts';

/** How lists and fields of a wish are meant. */
export interface Meant {
  /** Lists, by path, that a wish adds to; in others it says all that they hold. */
  readonly adds?: readonly string[];
  /** Fields that only a new thing takes, and that can't be read. */
  readonly once?: readonly string[];
  /** Fields that the server takes and never shows: a mark of their value stands for them, in the wish and in what is there. */
  readonly sealed?: readonly string[];
  /** How texts of a wish are understood: as the server gives them back. */
  readonly understood?: Readonly<Record<string, (text: string) => string>>;
  /** What is wished of each, whatever the step says. */
  readonly always?: Fields;
}

/**
 * What a wish says of a thing: normal values in plain text, `Later` where nothing is known yet, and what is empty only where
 * it empties something.
 */
export function wishOf(want: unknown, live: Fields | null, meant: Meant): Fields {
  const { adds = [], once = [], sealed = [], understood = {}, always = {} } = meant;
  const entries = Object.entries({ ...(isFields(want) ? want : {}), ...always });
  const told = entries
    .filter(([key]) => key !== 'absent' && (live === null || !once.includes(key)))
    .map(([key, value]) => [key, sealed.includes(key) ? markOf(value) : taken(value, understood[key])]);
  return under('', Object.fromEntries(told), live ?? {}, adds);
}

/** The sealed fields of a wish in plain text, as far as they are known. */
export function sealedIn(want: unknown, { sealed = [] }: Meant): Fields {
  const entries = Object.entries(isFields(want) ? want : {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (sealed.includes(key) && isText(value) ? [[key, revealText(value)]] : [])),
  );
}

/** What stands for a sealed value: equal for equal ones, and nothing that leads back to it. */
export function markOf(value: unknown): unknown {
  return isText(value) ? (value instanceof Secret ? value : new Secret(value)).fingerprint() : value;
}

function taken(value: unknown, understand: ((text: string) => string) | undefined): unknown {
  return understand && isText(value) ? understand(revealText(value)) : value;
}

function isText(value: unknown): value is string | Secret {
  return (typeof value === 'string' && value !== '') || value instanceof Secret;
}

function under(path: string, want: Fields, live: Fields, adds: readonly string[]): Fields {
  const entries = Object.entries(want).map(([key, value]) => {
    const here = pathTo(path, key);
    const old = live[key];
    if (isPlain(value)) return [key, under(here, value, isPlain(old) ? old : {}, adds)] as const;
    return [
      key,
      told(
        value,
        old,
        adds.some((one) => here === one || here.startsWith(`${one}.`) || here.startsWith(`${one}[`)),
      ),
    ] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function told(value: unknown, old: unknown, isAdded: boolean): unknown {
  if (value instanceof Later || laterIn(value).length > 0) return value;
  const given = plain(value);
  const wished = isAdded && Array.isArray(given) && Array.isArray(old) ? [...old, ...given] : given;
  return normal(wished) ?? (old === undefined ? undefined : (given ?? ''));
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return revealText(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
