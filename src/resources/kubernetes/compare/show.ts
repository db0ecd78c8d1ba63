const longest = 120;

/** A value in one line for people; undefined where there is none. Of two texts of many lines, the first line that differs. */
export function showPair(before: unknown, after: unknown): { before?: string; after?: string } {
  const [a, b] = firstDifference(before, after);
  return {
    ...(a === undefined ? {} : { before: a }),
    ...(b === undefined ? {} : { after: b }),
  };
}

function firstDifference(before: unknown, after: unknown): readonly [string | undefined, string | undefined] {
  if (!hasLines(before) && !hasLines(after)) return [show(before), show(after)];
  if (typeof before !== 'string' || typeof after !== 'string') return [summary(before), summary(after)];
  const a = before.split('\n');
  const b = after.split('\n');
  const i = a.findIndex((line, at) => line !== b[at]);
  const at = i < 0 ? a.length : i;
  return [lineAt(a, at), lineAt(b, at)];
}

function hasLines(value: unknown): value is string {
  return typeof value === 'string' && value.trimEnd().includes('\n');
}

function lineAt(lines: readonly string[], i: number): string {
  const line = lines[i];
  return line === undefined ? 'end of text' : cut(`line ${i + 1}: ${line}`);
}

function summary(value: unknown): string | undefined {
  return hasLines(value) ? `${value.trimEnd().split('\n').length} lines` : show(value);
}

function show(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return cut(typeof value === 'string' ? value.trimEnd() : JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
