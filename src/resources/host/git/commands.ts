import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, RunSpec } from '../../../model/host.ts';
import { revealText, Secret } from '../../../model/secret.ts';

/** Where a checkout is, and who owns it. */
export interface CheckoutId {
  /** Absolute: the work tree. */
  readonly path: string;
  /** Who runs git, and owns what it makes; default: the user of the connection. */
  readonly user?: string;
}

/** Seconds for what goes over the network. */
const patience = 1800;

type Words = readonly [string, ...string[]];

/**
 * A git command in a checkout. Nothing that the checkout brings along is run (hooks, monitors), nobody is asked anything, and
 * what is secret goes by the environment.
 * @param authorization value of the header for the server
 */
export function git({ path, user }: CheckoutId, words: Words, authorization?: string | Secret): RunSpec {
  const inside = words[0] !== 'clone' && words[0] !== 'ls-remote';
  const settings: readonly (readonly [string, string | Secret])[] = [
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['advice.detachedHead', 'false'],
    ...(authorization === undefined
      ? []
      : [['http.extraHeader', new Secret(`Authorization: ${revealText(authorization)}`)] as const]),
  ];
  const config = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return {
    argv: ['git', ...words],
    env: {
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(config),
      ...(inside ? { GIT_DIR: `${path}/.git`, GIT_WORK_TREE: path } : {}),
    },
    timeout: patience,
    ...(inside ? { cwd: path } : {}),
    ...(user === undefined ? {} : { user }),
  };
}

/** What a git command prints. Throws `unreadable` when it fails, unless that is an answer too. */
export async function askGit(id: CheckoutId, words: Words, from: HostReader): Promise<string> {
  const { status, stdout, stderr } = await from.ask({ ask: 'run', ...git(id, words), timeout: 120 });
  if (status === 0 || (status === 1 && stderr === '')) return stdout.trimEnd();
  const detail = stderr.split('\n').filter((line) => line !== '');
  throw new CairnError(
    problem('unreadable', `git ${words[0]} in ${id.path}: ${detail.at(-1) ?? `status ${status}`}`, { detail }),
  );
}

/** The commit that a branch, a tag or a commit means on the server. Throws `no-revision`. */
export async function resolveRevision(
  id: CheckoutId,
  { url, revision, authorization }: { url: string; revision: string; authorization?: string | Secret | undefined },
  from: HostReader,
): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const names = [`refs/heads/${revision}`, `refs/tags/${revision}`, `refs/tags/${revision}^{}`] as const;
  const call = git(id, ['ls-remote', '--', url, ...names], authorization);
  const { status, stdout, stderr } = await from.ask({ ask: 'run', ...call, timeout: 120 });
  const detail = stderr.split('\n').filter((line) => line !== '');
  if (status !== 0) throw noRevision(`${url} gives no answer: ${detail.at(-1) ?? `status ${status}`}`, detail);
  const found = new Map(stdout.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
  const [branch, tag, peeled] = names.map((name) => found.get(name));
  if (branch !== undefined && tag !== undefined) throw noRevision(`${revision} is a branch and a tag of ${url}`);
  const commit = branch ?? peeled ?? tag;
  if (commit !== undefined) return commit;
  throw noRevision(`${url} has no branch and no tag ${revision}`);
}

function noRevision(summary: string, detail: readonly string[] = []): CairnError {
  const help = 'name a branch, a tag, or a whole commit of 40 hex digits that the host can fetch';
  return new CairnError(problem('no-revision', summary, { detail, help }));
}
