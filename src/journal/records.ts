import type { Entry, Intent, Selection } from '../model/journal.ts';
import { redact } from '../model/redact.ts';
import type { Opener, Sealer, WrappedKey } from './seal.ts';
import { pack, unpack } from './values.ts';

type Of<Is extends Entry['is']> = Extract<Entry, { is: Is }>;

interface StoredIntent
  extends Pick<Intent, 'type' | 'typeVersion' | 'address' | 'title' | 'kept' | 'inside' | 'dropped'> {
  /** Id, before-image and wish. */
  readonly sealed: string;
}

/** An entry as it stands in the file: whatever may hold a secret is encrypted. */
type StoredEntry =
  | (Omit<Of<'run-started'>, 'selection'> & { readonly sealed: string })
  | (Omit<Of<'intent'>, 'intents'> & { readonly intents: readonly StoredIntent[] })
  | (Omit<Of<'done'>, 'after'> & { readonly sealed: string })
  | Of<'guard' | 'step-finished' | 'run-finished'>;

/** The record that holds the key of the entries after it. */
export type KeyRecord = { readonly is: 'key' } & WrappedKey;

export type StoredRecord = StoredEntry | KeyRecord;

/** An entry as JSON. */
export function encodeEntry(entry: Entry, sealer: Sealer): string {
  return JSON.stringify(toStored(entry, (value, place) => sealer.seal(JSON.stringify(pack(value)), place)));
}

function toStored(entry: Entry, seal: (value: unknown, place: string) => string): StoredEntry {
  if (entry.is === 'run-started') {
    const { selection, ...open } = entry;
    return { ...open, sealed: seal(selection, placeOf(entry.run)) };
  }
  if (entry.is === 'intent') {
    const intents = entry.intents.map(({ id, before, want, title, ...open }) => ({
      ...open,
      title: redact(title),
      sealed: seal([id, before, want], placeOf(entry.run, entry.step, entry.target, open.address)),
    }));
    return { ...entry, intents };
  }
  if (entry.is === 'done') {
    const { after, ...open } = entry;
    return { ...open, sealed: seal([after], placeOf(entry.run, entry.step, entry.target, open.address, 'after')) };
  }
  return entry;
}

/** The opposite of `encodeEntry`. */
export function decodeEntry(stored: StoredEntry, opener: Opener): Entry {
  const open = (sealed: string, place: string): unknown => unpack(JSON.parse(opener.open(sealed, place)));
  if (stored.is === 'run-started') {
    const { sealed, ...rest } = stored;
    return { ...rest, selection: open(sealed, placeOf(stored.run)) as Selection };
  }
  if (stored.is === 'intent') {
    const intents = stored.intents.map(({ sealed, ...rest }): Intent => {
      const place = placeOf(stored.run, stored.step, stored.target, rest.address);
      const [id, before, want] = open(sealed, place) as readonly unknown[];
      return { ...rest, id, before, want };
    });
    return { ...stored, intents };
  }
  if (stored.is === 'done') {
    const { sealed, ...rest } = stored;
    const place = placeOf(stored.run, stored.step, stored.target, rest.address, 'after');
    const [after] = open(sealed, place) as readonly unknown[];
    return { ...rest, after };
  }
  return stored;
}

function placeOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
