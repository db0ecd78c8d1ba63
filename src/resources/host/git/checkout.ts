import { Later, type Planned } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Guard, HostReader, HostWriter, RunSpec } from '../../../model/host.ts';
import { type Difference, type FieldChange, json, resourceType, type Written } from '../../../model/resource.ts';
import type { Secret } from '../../../model/secret.ts';
import { readingOf } from '../../reading.ts';
import { field } from '../path-compare.ts';
import { plainPath, sha256Of } from '../path-image.ts';
import { hasTool, needTools } from '../tools.ts';
import { askGit, type CheckoutId, git, resolveRevision } from './commands.ts';

/** Required unless `absent`: url and revision. */
export interface CheckoutWant {
  readonly url?: string;
  /** A branch, a tag, or a commit of 40 hex digits: resolved to a commit when planned. */
  readonly revision?: string;
  /** The value of the header for a server that wants one, https alone: `Bearer …`. It is nowhere on the host afterwards. */
  readonly authorization?: string | Secret;
  /** No checkout may be at the path. */
  readonly absent?: boolean;
}

/** A checkout as it is on the host. */
export interface CheckoutState {
  readonly url: string;
  readonly commit: string;
  /** Empty where it is on no branch. */
  readonly branch: string;
  /** Files that somebody changed, as `git status --porcelain` says it. */
  readonly changes: readonly string[];
  /** What is there may be put aside. */
  readonly taken?: true;
}

const tidy = 'changes';

/** The work tree of a Git repository at one commit. What somebody changed in it is theirs. */
export const gitCheckout = resourceType<'host', CheckoutId, CheckoutWant, CheckoutState, CheckoutState>({
  name: 'gitCheckout',
  version: 1,
  on: 'host',
  identity: ['path', 'user'],
  codec: json<CheckoutState>(),
  address: ({ path }) => `gitCheckout${plainPath(path)}`,
  title: ({ path }) => `checkout ${path}`,
  place: ({ path }) => path,
  isWhole: true,
  read: async (id, from) => await readingOf(async () => await look(id, from)),
  merge: async (id, want, live, from, { takeOver = [] }) => {
    const taken = takeOver.includes(tidy) ? { taken: true as const } : {};
    const whole = knownWant(want);
    if (whole === null) return { live: { ...(live ?? nowhere), ...taken }, certainty: 'exact' };
    if (!(await hasTool('git', from)))
      return {
        live: { ...nowhere, url: whole.url, commit: whole.revision, ...taken },
        certainty: 'predicted',
        why: 'git is not on the host yet',
      };
    const commit = await resolveRevision(id, whole, from);
    return { live: { url: whole.url, commit, branch: '', changes: [], ...taken }, certainty: 'exact' };
  },
  diff: (live, want, merged) => {
    if (want === null) return { changes: compare(live, null), foreign: [] };
    if (want instanceof Later || Object.values(want).some((one) => one instanceof Later))
      return { changes: [{ path: 'commit', how: 'later', secret: false }], foreign: [] };
    if (want.absent === true) return { changes: compare(live, null), foreign: foreignOf(live, merged), removes: true };
    const changes = live ? compare(live, { ...(merged ?? live), branch: live.branch }) : born(merged);
    return { changes, foreign: foreignOf(live, merged) };
  },
  write: async ({ id, want, live, options }, to) => {
    const isTaken = options.takeOver?.includes(tidy) === true;
    if (live && live.changes.length > 0 && !isTaken) throw notOurs(id, live);
    if (want === null || want.absent === true) return await bring({ id, live, wanted: null, aside: isTaken }, to);
    const whole = knownWant(want);
    if (whole === null) throw incomplete(id);
    const commit = await resolveRevision(id, whole, to);
    const wanted = { url: whole.url, commit, branch: '', changes: [] };
    return await bring({ id, live, wanted, aside: isTaken, authorization: want.authorization }, to);
  },
  restore: async ({ id, before, live }, to) => {
    if (compare(before, live).length === 0) return { is: 'written', live };
    return await bring({ id, live, wanted: before, aside: false, back: true }, to);
  },
  compare,
  out: (live) => live,
  loss: async ({ path }, { changes }) =>
    changes.length === 0
      ? { is: 'none' }
      : { is: 'data', why: `${path} has ${changes.length} files that somebody changed` },
});

const nowhere: CheckoutState = { url: '', commit: '', branch: '', changes: [] };

async function look(id: CheckoutId, from: HostReader): Promise<CheckoutState | null> {
  const [tree, repository] = await Promise.all([
    from.ask({ ask: 'stat', path: plainPath(id.path) }),
    from.ask({ ask: 'stat', path: `${id.path}/.git` }),
  ]);
  if (tree === null) return null;
  if (repository?.kind !== 'directory') throw noCheckout(id);
  const [url, commit, branch, status] = await Promise.all([
    askGit(id, ['config', '--get', 'remote.origin.url'], from),
    askGit(id, ['rev-parse', '--verify', 'HEAD'], from),
    askGit(id, ['symbolic-ref', '-q', '--short', 'HEAD'], from),
    askGit(id, ['status', '--porcelain', '--untracked-files=all'], from),
  ]);
  return { url, commit, branch, changes: status === '' ? [] : status.split('\n') };
}

function noCheckout({ path }: CheckoutId): CairnError {
  return new CairnError(
    problem('in-the-way', `${path} is there, and is no Git checkout`, {
      help: 'move it away by hand, or choose another path',
    }),
  );
}

interface WholeWant {
  readonly url: string;
  readonly revision: string;
  readonly authorization?: string | Secret | undefined;
}

// Null where not all is said, or known by now.
function knownWant(want: Planned<CheckoutWant>): WholeWant | null {
  if (want instanceof Later) return null;
  const { url, revision, authorization } = want as Readonly<Record<keyof CheckoutWant, unknown>>;
  if (typeof url !== 'string' || typeof revision !== 'string' || authorization instanceof Later) return null;
  return { url: plainUrl(url), revision, authorization: authorization as string | Secret | undefined };
}

function plainUrl(url: string): string {
  const login = URL.parse(url);
  const isWeb = login?.protocol === 'https:' || login?.protocol === 'http:';
  if (!isWeb || (login.username === '' && login.password === '')) return url;
  throw new CairnError(
    problem('bad-checkout', 'the URL of a checkout holds a login, which would stay in a file on the host', {
      help: 'leave it out and say authorization: a secret',
    }),
  );
}

function compare(a: CheckoutState | null, b: CheckoutState | null): readonly FieldChange[] {
  if (a === null || b === null)
    return a === b ? [] : [field('commit', a?.commit.slice(0, 12) ?? 'absent', b?.commit.slice(0, 12) ?? 'absent')];
  const texts = (['url', 'commit', 'branch'] as const).filter((name) => a[name] !== b[name]);
  const changes = a.changes.join() === b.changes.join() ? [] : [field(tidy, showChanges(a), showChanges(b))];
  return [...texts.map((name) => field(name, a[name] || 'none', b[name] || 'none')), ...changes];
}

function born(wanted: CheckoutState | undefined): readonly FieldChange[] {
  return [field('url', undefined, wanted?.url), field('commit', undefined, wanted?.commit)];
}

function showChanges({ changes }: CheckoutState): string {
  if (changes.length === 0) return 'none';
  return `${changes.slice(0, 3).join(', ')}${changes.length > 3 ? `, ${changes.length - 3} more` : ''}`;
}

function foreignOf(live: CheckoutState | null, merged: CheckoutState | undefined): Difference['foreign'] {
  if (!live || live.changes.length === 0 || merged?.taken) return [];
  return [{ path: tidy, owner: `somebody who changed ${showChanges(live)}` }];
}

function notOurs({ path }: CheckoutId, live: CheckoutState): CairnError {
  return new CairnError(
    problem('foreign', `${path} has local changes: ${showChanges(live)}`, {
      help: `commit or undo them there, or put them aside with takeOver: ['${tidy}']`,
    }),
  );
}

function incomplete({ path }: CheckoutId): CairnError {
  return new CairnError(
    problem('checkout-incomplete', `the checkout ${path} lacks its url or revision`, {
      help: 'say both, or absent: true',
    }),
  );
}

interface Change {
  readonly id: CheckoutId;
  readonly live: CheckoutState | null;
  readonly wanted: CheckoutState | null;
  /** Local changes are put aside, where `back` finds them. */
  readonly aside: boolean;
  readonly back?: true;
  readonly authorization?: string | Secret | undefined;
}

async function bring(change: Change, to: HostWriter): Promise<Written<CheckoutState>> {
  const { id, live, wanted } = change;
  const now = await look(id, to);
  if (compare(live, now).length > 0) return { is: 'moved', now: now ? { is: 'present', live: now } : { is: 'absent' } };
  if (!now) await needTools(['git'], "declare host.package({ name: 'git' }) before it", to);
  if (!wanted && live && live.changes.length > 0) throw notOurs(id, live);
  const operations = wanted ? await stepsTo(change, wanted, to) : [removal(id)];
  const done = await to.change({
    guards: [guardFor(id, live)],
    operations: operations.map((spec) => ({ do: 'run', ...spec })),
    readBack: [],
  });
  const after = await readingOf(async () => await look(id, to));
  if (done.is === 'moved') return { is: 'moved', now: after };
  if (after.is === 'unreadable') throw new CairnError(after.why);
  return { is: 'written', live: after.is === 'present' ? after.live : null };
}

// It still is on the same branch, or at the same commit where it is on none.
function guardFor({ path }: CheckoutId, live: CheckoutState | null): Guard {
  if (!live) return { question: { ask: 'stat', path }, expected: null };
  const head = live.branch === '' ? live.commit : `ref: refs/heads/${live.branch}`;
  return { question: { ask: 'sha256', path: `${path}/.git/HEAD` }, expected: sha256Of(Buffer.from(`${head}\n`)) };
}

function removal({ path, user }: CheckoutId): RunSpec {
  return { argv: ['rm', '-rf', '--', path], ...(user === undefined ? {} : { user }) };
}

async function stepsTo(
  { id, live, aside, back, authorization }: Change,
  wanted: CheckoutState,
  from: HostReader,
): Promise<readonly RunSpec[]> {
  const { url, commit, branch } = wanted;
  const call = (...words: [string, ...string[]]): RunSpec => git(id, words, authorization);
  const checkout = branch === '' ? call('checkout', '-q', '--detach', commit) : call('checkout', '-q', branch);
  if (!live) return [call('clone', '-q', '--no-checkout', '--', url, id.path), checkout];
  return [
    ...(aside && live.changes.length > 0 ? [call('stash', 'push', '-q', '-u', '-m', markOf(live))] : []),
    ...(live.url === url ? [] : [call('remote', 'set-url', 'origin', url)]),
    ...(back || live.commit === commit ? [] : [call('fetch', '-q', '--force', '--tags', 'origin')]),
    ...(live.commit === commit && live.branch === branch ? [] : [checkout]),
    ...(back && wanted.changes.length > 0
      ? [call('stash', 'pop', '-q', '--index', await asideOf(id, wanted, from))]
      : []),
  ];
}

function markOf({ commit, changes }: CheckoutState): string {
  return `cairn ${sha256Of(Buffer.from([commit, ...changes].join('\n'))).slice(0, 16)}`;
}

// Where what was put aside lies by now: others may have put things aside since.
async function asideOf(id: CheckoutId, wanted: CheckoutState, from: HostReader): Promise<string> {
  const list = (await askGit(id, ['stash', 'list', '--format=%gd %s'], from)).split('\n');
  const entry = list.find((line) => line.endsWith(markOf(wanted)))?.split(' ')[0];
  if (entry !== undefined) return entry;
  throw new CairnError(
    problem('no-way-back', `what was put aside of ${id.path} is gone: ${showChanges(wanted)}`, {
      help: 'somebody dropped it with git stash; git fsck --unreachable may still find it',
    }),
  );
}
