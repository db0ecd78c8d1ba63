import type { ShellText } from './quote.ts';

/** Tries, a fifth of a second apart. */
const mostTries = 50;

/**
 * Ends what lost connections left running on a host, so that nothing of them writes behind the back of what comes next:
 * a server that hears nothing keeps its sessions. Their shells are found by the mark among their words. The shell that
 * runs it says so and ends when something of them won't.
 * @param marks letters, digits and dashes
 */
export function sweep(marks: readonly string[]): ShellText {
  if (marks.length === 0) return '';
  // The pattern doesn't match the words of the program that looks for it.
  const patterns = marks.map((mark) => `-e '${mark.slice(0, -1)}[${mark.slice(-1)}]'`).join(' ');
  return `( tries=0
while found=$(grep -ls ${patterns} /proc/[0-9]*/cmdline); [ -n "$found" ]; do
  for at in $found; do at=\${at#/proc/}; kill "\${at%/*}" 2>/dev/null; done
  tries=$((tries + 1)); [ $tries -lt ${mostTries} ] || exit 1
  sleep 0.2 2>/dev/null || sleep 1
done ) </dev/null || { echo 'what a lost connection began here still runs' >&2; exit; }
`;
}
