import type { Entry, Intent } from '../model/journal.ts';
import type { Opener, Sealer } from './seal.ts';
import { pack, unpack } from './values.ts';

/** Which fields of an entry are encrypted, with the place each belongs to. */
function placeOf(entry: { run: string; step: string; target: string }, address: string, field: string): string {
  return [entry.run, entry.step, entry.target, address, field].join('\n');
}

/** An entry as JSON, its images encrypted. */
export function encodeEntry(entry: Entry, sealer: Sealer): string {
  const sealAt = (value: unknown, address: string, field: string): unknown =>
    value === null ? null : sealer.seal(JSON.stringify(pack(value)), placeOf(entry as never, address, field));
  if (entry.is === 'intent') {
    const intents = entry.intents.map((intent) => ({
      ...intent,
      id: pack(intent.id),
      before: sealAt(intent.before, intent.address, 'before'),
      want: sealAt(intent.want, intent.address, 'want'),
    }));
    return JSON.stringify({ ...entry, intents });
  }
  if (entry.is === 'done') return JSON.stringify({ ...entry, after: sealAt(entry.after, entry.address, 'after') });
  return JSON.stringify(entry);
}

/** The opposite of `encodeEntry`. */
export async function decodeEntry(stored: Entry, opener: Opener): Promise<Entry> {
  const openAt = async (value: unknown, address: string, field: string): Promise<unknown> =>
    value === null || value === undefined
      ? null
      : unpack(JSON.parse(await opener.open(String(value), placeOf(stored as never, address, field))));
  if (stored.is === 'intent') {
    const intents = await Promise.all(
      stored.intents.map(
        async (intent): Promise<Intent> => ({
          ...intent,
          id: unpack(intent.id),
          before: await openAt(intent.before, intent.address, 'before'),
          want: await openAt(intent.want, intent.address, 'want'),
        }),
      ),
    );
    return { ...stored, intents };
  }
  if (stored.is === 'done') return { ...stored, after: await openAt(stored.after, stored.address, 'after') };
  return stored;
}
