import type { Diagnostic } from '../../model/diagnostic.ts';
import { clean } from '../measure.ts';
import { type Paint, paintWith } from '../style.ts';
import { count } from '../units.ts';

export interface ProblemsOptions {
  readonly color: boolean;
  /** Absolute; files beneath it are named relative to it. */
  readonly root?: string;
}

/** All problems of the input, by file and line, and that nothing was touched. Ends without a newline. */
export function problemsView(diagnostics: readonly Diagnostic[], options: ProblemsOptions): string {
  if (diagnostics.length === 0) return 'No problems.';
  const paint = paintWith(options.color);
  const sorted = diagnostics.toSorted(bySource);
  return [...sorted.flatMap((one) => problemLines(one, options, paint)), ending(diagnostics)].join('\n');
}

/** One diagnostic: its place and summary, then detail and help beneath. */
function problemLines(one: Diagnostic, options: ProblemsOptions, paint: Paint): readonly string[] {
  const place = placeOf(one, options.root);
  const tone = one.severity === 'error' ? 'bad' : 'change';
  const first = `${place === '' ? '' : `${place}  `}${one.severity === 'warning' ? 'warning: ' : ''}${clean(one.summary)}`;
  const beneath = [...(one.detail ?? []), ...(one.help?.split('\n') ?? [])];
  return [paint(tone, first), ...beneath.map((line) => `    ${clean(line)}`)];
}

/** `inventory/local/hosts.yaml:22:13`, or nothing for a problem without a place. */
export function placeOf(one: Diagnostic, root?: string): string {
  if (!one.source) return '';
  const { file, line, column } = one.source;
  const shown = root && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return `${shown}:${line}:${column}`;
}

function bySource(a: Diagnostic, b: Diagnostic): number {
  const file = (a.source?.file ?? '').localeCompare(b.source?.file ?? '');
  return file || (a.source?.line ?? 0) - (b.source?.line ?? 0) || (a.source?.column ?? 0) - (b.source?.column ?? 0);
}

function ending(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (errors === 0) return `${count(warnings, 'warning')}.`;
  const more = warnings > 0 ? ` and ${count(warnings, 'warning')}` : '';
  return `${count(errors, 'problem')}${more}, nothing was touched.`;
}
