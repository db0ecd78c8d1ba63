/** True when a name matches a pattern with * and ?. */
function matchesPattern(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}

/** True when a name matches one of several patterns; one that is negated by ! rules the whole list out. */
export function matchesOneOf(patterns: readonly string[], name: string): boolean {
  const isNamed = (pattern: string): boolean => matchesPattern(pattern, name);
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return !negated.some(isNamed) && patterns.some((pattern) => !pattern.startsWith('!') && isNamed(pattern));
}
