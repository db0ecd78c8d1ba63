import { padTo, widthOf } from '../measure.ts';

/** A line of two columns: a label that may be indented, and what is said of it. */
export interface Row {
  readonly label: string;
  readonly text: string;
}

/** Where the second column starts so that all labels fit, but never further right than `most`. */
export function columnOf(rows: readonly Row[], gap: number, most = Number.POSITIVE_INFINITY): number {
  const widths = rows.filter((row) => row.text !== '').map((row) => widthOf(row.label) + gap);
  const fitting = widths.filter((width) => width <= most);
  return Math.max(0, ...fitting);
}

/** One line; a label that is too long pushes its text to the right. */
export function rowLine(row: Row, column: number): string {
  if (row.text === '') return row.label;
  return padTo(row.label, Math.max(column, widthOf(row.label) + 2)) + row.text;
}
