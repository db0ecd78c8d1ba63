/** True when a text is as a pattern says; `*` stands for any run of characters. */
export function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** The lines as they were expected, but written out where a pattern fits what was seen: then a comparison shows the rest. */
export function writtenOut(expected: readonly string[], seen: readonly string[]): readonly string[] {
  return expected.map((pattern, i) => {
    const line = seen[i];
    return line !== undefined && fits(pattern, line) ? line : pattern;
  });
}
