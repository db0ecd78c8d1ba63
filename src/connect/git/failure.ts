import { CairnError, problem } from '../../model/diagnostic.ts';
import type { GitResult } from './program.ts';

const strange = /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No .* host key is known/i;
const refused = /Permission denied|does not appear to be a git repository|access rights|Repository not found/i;
const lost =
  /Could not resolve|Connection (?:refused|timed out|reset|closed)|No route to host|unexpectedly closed|early EOF/i;

/** Why Git could not do what it was asked to. */
export function failureOf(doing: string, { stderr }: GitResult): CairnError {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(warning|hint):/i.test(line));
  const [first = 'it says nothing', ...detail] = lines;
  if (strange.test(stderr)) {
    return new CairnError(
      problem('git-unreachable', `${doing}: its host has another key than the known one`, {
        detail: lines,
        help: 'see whether it is the right host; its key goes into knownHosts',
      }),
    );
  }
  if (refused.test(stderr) && !lost.test(stderr)) {
    return new CairnError(
      problem('git-unauthorized', `${doing}: the host refuses`, {
        detail: lines,
        help: 'see whether the repository is there, and whether the key may read and push',
      }),
    );
  }
  const code = lost.test(stderr) ? 'git-unreachable' : 'git-failed';
  return new CairnError(problem(code, `${doing}: ${first.replace(/^(fatal|error): /, '')}`, { detail }));
}
