import type { FieldChange } from '../../model/resource.ts';
import { clean, shortenPair, widthOf } from '../measure.ts';

const arrow = '  →  ';
const narrowest = 12;

/**
 * What happens to a field, as shown beside its path: `3  →  1    drift, set by kubectl-scale 4 min ago`.
 * @param room columns that are free for it; values are shortened to fit, a note never is
 */
export function fieldText(change: FieldChange, room: number): string {
  const note = noteText(change);
  const value = valueText(change, Math.max(2 * narrowest, room - (note === '' ? 0 : widthOf(note) + 4)));
  return [value, note].filter((part) => part !== '').join('    ');
}

function noteText(change: FieldChange): string {
  const forced = change.how === 'replace' ? 'can’t be changed in place' : '';
  // A later value's note is the value: `(known after …)`.
  return [forced, change.how === 'later' ? '' : (change.note ?? '')].filter((part) => part !== '').join('; ');
}

function valueText(change: FieldChange, room: number): string {
  if (change.how === 'later') return `(${clean(change.note ?? 'known later')})`;
  if (change.secret) return '(secret changed)';
  if (change.how === 'restart' && change.before === undefined && change.after === undefined) return '';
  const [before, after] = shortenPair(
    shown(change.before),
    shown(change.after),
    Math.max(narrowest, Math.floor((room - arrow.length) / 2)),
  );
  return `${before}${arrow}${after}`;
}

// Both sides may be missing for a field whose values make no sense to people, such as the bytes of a binary.
function shown(value: string | undefined): string {
  if (value === undefined) return '(none)';
  return value === '' ? '""' : clean(value);
}
