import { Later, laterIn } from '../../model/deferred.ts';
import { revealText, Secret } from '../../model/secret.ts';
import { type Fields, isFields, isPlain, normal, pathTo } from './fields.ts';

/** How lists and fields of a wish are meant. */
export interface Meant {
  /** Lists, by path, that a wish adds to; in others it says all that they hold. */
  readonly adds?: readonly string[];
  /** Fields that only a new thing takes, and that can't be read. */
  readonly once?: readonly string[];
}

/**
 * What a wish says of a thing: normal values in plain text, `Later` where nothing is known yet, and what is empty only where
 * it empties something.
 */
export function wishOf(want: unknown, live: Fields | null, { adds = [], once = [] }: Meant): Fields {
  const entries = Object.entries(isFields(want) ? want : {});
  const told = entries.filter(([key]) => key !== 'absent' && (live === null || !once.includes(key)));
  return under('', Object.fromEntries(told), live ?? {}, adds);
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
