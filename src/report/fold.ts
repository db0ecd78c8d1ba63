import { createRequire } from 'node:module';
import { widthOf } from './measure.ts';

const require = createRequire(import.meta.url);

// Few lines are ever too wide, and its expressions over all of Unicode would be 30 ms of each command.
function wrap(text: string, columns: number): string {
  const { default: wrapAnsi } = require('wrap-ansi') as typeof import('wrap-ansi');
  return wrapAnsi(text, columns);
}

/** Escape sequences of colours. */
const paint = '(?:\\u001b\\[[\\d;]*m)*';
const margin = /^ */;
const firstColumn = new RegExp(`^${paint} *\\S.*? {2,}(?=${paint}\\S)`);
const hanging = 2;

/**
 * Lines made fit for a terminal: what is too wide goes on beneath, by whole words, where its text began. A word that is
 * wider than the terminal stays whole, so that it can be copied.
 * @param width columns; Infinity leaves everything as it is
 */
export function foldWide(text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  return text
    .split('\n')
    .map((line) => (widthOf(line) <= width ? line : foldOne(line, width)))
    .join('\n');
}

function foldOne(line: string, width: number): string {
  const { head, column } = startOf(line, width);
  const lines = wrap(line.slice(head.length), width - column).split('\n');
  return head + lines.join(`\n${' '.repeat(column)}`);
}

// The text of a table's last column goes on in that column, unless it has hardly any room.
function startOf(line: string, width: number): { readonly head: string; readonly column: number } {
  const columns = firstColumn.exec(line)?.[0] ?? '';
  if (columns !== '' && widthOf(columns) <= width * 0.6) return { head: columns, column: widthOf(columns) };
  const head = margin.exec(line)?.[0] ?? '';
  return { head, column: head.length + hanging };
}
