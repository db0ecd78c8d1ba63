import type { Source } from '../../model/diagnostic.ts';
import type { TemplateError } from '../../render/template-error.ts';
import type { Problems } from '../problems.ts';

/** A template's text, where it starts, and where each of its `{{` stands in the file. */
interface Marked {
  readonly text: string;
  readonly marks: readonly Source[];
  readonly source: Source;
}

/** Notes what is wrong with a template, with its place in the file. */
export function addTemplateError(problems: Problems, marked: Marked, error: TemplateError): void {
  problems.error(error.code, error.message, placeIn(marked, error.at), error.help);
}

// YAML may fold and quote a text: only the `{{` of text and file are sure to be the same, one by one.
function placeIn({ text, marks, source }: Marked, at: TemplateError['at']): Source {
  const offset = offsetOf(text, at);
  const opened = [...text.matchAll(/\{\{/g)].map(({ index }) => index);
  const mark = Math.max(
    0,
    opened.findLastIndex((index) => index <= offset),
  );
  const start = marks[mark];
  const from = opened[mark];
  if (!start || from === undefined) return source;
  const between = offset > from ? text.slice(from, offset) : '';
  return between.includes('\n') ? start : { ...start, column: start.column + between.length };
}

function offsetOf(text: string, at: TemplateError['at']): number {
  const before = text.split('\n').slice(0, at.line - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + at.column;
}
