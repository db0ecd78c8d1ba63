import { createHash } from 'node:crypto';
import { type Inputs, Later, type Planned } from '../../model/deferred.ts';
import { CairnError, diagnosticsOf, problem } from '../../model/diagnostic.ts';
import type { HostReader, HostWriter, Operation } from '../../model/host.ts';
import { isLoss } from '../../model/loss.ts';
import { bootIdPath, rebootSign } from '../../model/reboot.ts';
import {
  type Codec,
  type Difference,
  type FieldChange,
  type More,
  type Readiness,
  type Resource,
  resourceType,
  type Written,
} from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { comparePaths } from './path-compare.ts';
import { guardsFor, lookAt, type PathImage, pathCodec, plainPath, sha256Of } from './path-image.ts';
import { restorePath } from './path-write.ts';

/** How a restart is known and how it is seen to be due. At least one of `whenExists`, `onlyIf` and `onceFor` is needed. */
export interface RebootId {
  /** Names it for people and in the journal, unique on its host: `kernel`. */
  readonly id: string;
  /** It is due while something is at this path: `/run/reboot-required`. */
  readonly whenExists?: string;
  /** It is due while this succeeds: program and arguments. Must not change anything. */
  readonly onlyIf?: readonly [string, ...string[]];
}

export interface RebootWant {
  /** It is due once for each value: what needs it, as the sum of a file or the version of a package. */
  readonly onceFor?: string | readonly string[];
}

/** A boot of the host, and whether another one is due. */
export interface RebootLive {
  readonly boot: string;
  /** Why it is due by what the host says, for people. */
  readonly due: readonly string[];
  /** It was told to restart, and hasn't yet. */
  readonly isUnderWay: boolean;
  /** The file that says what it was last restarted for, and in which boot that was asked for. */
  readonly mark: PathImage | null;
  /** The machine that Cairn itself runs on. */
  readonly isHere: boolean;
}

const codec: Codec<RebootLive> = {
  encode: ({ mark, ...rest }) => ({ ...rest, mark: mark && pathCodec.encode(mark) }),
  decode: (stored, version) => {
    const { mark, ...rest } = stored as Omit<RebootLive, 'mark'> & { readonly mark: unknown };
    return { ...rest, mark: mark === null ? null : pathCodec.decode(mark, version) };
  },
};

const type = resourceType<'host', RebootId, RebootWant, RebootLive, { readonly bootId: string }>({
  name: 'reboot',
  version: 1,
  on: 'host',
  identity: ['id', 'whenExists', 'onlyIf'],
  codec,
  address: ({ id }) => `reboot/${plainName(id)}`,
  title: ({ id }) => `reboot ${id}`,
  probes: ({ whenExists, onlyIf }) => whenExists !== undefined || onlyIf !== undefined,
  read: async (id, from) => await readingOf(async () => await look(id, from)),
  diff: (live, want) => difference(live, want),
  write: async ({ id, want, live }, to) => {
    if (want === null || live === null) return await giveBack(id, null, live, to);
    return reasons(live, want).length === 0 ? { is: 'written', live } : await restart(id, want, live, to);
  },
  restore: async ({ id, before, live }, to) => await giveBack(id, before, live, to),
  compare: (a, b) => comparePaths(a?.mark ?? null, b?.mark ?? null),
  fields: ({ mark, due }) => [
    ['mark', mark?.sha256],
    ['due', due],
  ],
  // What a boot sets anew, and what was planned before it.
  touches: () => ['reboot/*', 'service/*', 'mount/*', 'sysctl/*', 'kernelModule/*', 'command/*', '*/run/*', '*/tmp/*'],
  out: ({ boot }) => ({ bootId: boot }),
  loss: async () => ({ is: 'none' }),
  ready: async (id, live, from) => await readiness(id, live, from),
});

/**
 * A restart of the host, when it is due and never twice for the same: which boot it is says whether it was done. The run
 * goes on when the host has started.
 */
export const reboot = Object.assign(declareReboot, { type: type.type });

function declareReboot(spec: RebootId & Inputs<RebootWant>, more?: More): Resource<{ readonly bootId: string }> {
  const { id, whenExists, onlyIf, onceFor } = spec as RebootId & RebootWant;
  if (whenExists !== undefined) plainPath(whenExists);
  if (whenExists !== undefined || onlyIf !== undefined || onceFor !== undefined) return type(spec, more);
  throw new CairnError(
    problem('no-probe', `reboot ${id} doesn't say when it is due`, { help: 'give it whenExists, onlyIf or onceFor' }),
  );
}

function plainName(id: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(id)) return id;
  throw new CairnError(
    problem('bad-reboot-id', `${JSON.stringify(id)} can't name a reboot`, { help: 'use letters, digits, ., _ and -' }),
  );
}

function markPath({ id }: RebootId): string {
  return `/var/lib/cairn-reboot-${plainName(id)}`;
}

async function look(id: RebootId, from: HostReader): Promise<RebootLive> {
  const { whenExists, onlyIf } = id;
  const [{ bootId, isHere = false }, mark, sign, exists, asked] = await Promise.all([
    from.ask({ ask: 'facts' }),
    lookAt(markPath(id), from),
    from.ask({ ask: 'content', path: rebootSign }),
    whenExists === undefined ? null : from.ask({ ask: 'stat', path: whenExists }),
    onlyIf === undefined ? null : from.ask({ ask: 'run', argv: onlyIf }),
  ]);
  if (!/^[0-9a-f-]{36}$/.test(bootId))
    throw new CairnError(problem('unreadable', `the host doesn't say which boot this is: ${bootIdPath} is missing`));
  if (asked?.timedOut)
    throw new CairnError(
      problem('unreadable', `the probe ${onlyIf?.join(' ')} of reboot ${id.id} did not end in time`),
    );
  const due = [
    ...(exists === null ? [] : [`${whenExists} is there`]),
    ...(asked?.status === 0 ? [`${onlyIf?.[0]} says so`] : []),
  ];
  return { boot: bootId, due, isUnderWay: textOf(sign) === bootId, mark, isHere };
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? [])
    .toString('latin1')
    .trim();
}

function difference(live: RebootLive | null, want: Planned<RebootWant> | null): Difference {
  if (want === null) return { changes: comparePaths(live?.mark ?? null, null), foreign: [] };
  if (want instanceof Later || isLater(want.onceFor))
    return { changes: [{ path: 'onceFor', how: 'later', secret: false }], foreign: [] };
  const changes = reasons(live, want as RebootWant).map(
    (note): FieldChange => ({ path: 'reboot', how: 'restart', secret: false, note }),
  );
  return { changes, foreign: [] };
}

function isLater(value: unknown): boolean {
  return value instanceof Later || (Array.isArray(value) && value.some((one) => one instanceof Later));
}

/** Why it is due, for people; empty when it isn't. */
function reasons(live: RebootLive | null, { onceFor }: RebootWant): readonly string[] {
  if (onceFor === undefined || doneFor(live) === hashOf(onceFor)) return live?.due ?? [];
  return [...(live?.due ?? []), 'not yet done for what needs it'];
}

// What was asked for in this very boot hasn't happened.
function doneFor(live: RebootLive | null): string | undefined {
  const [hash, asked] = textOf(live?.mark?.content).split(' ');
  return asked === live?.boot ? undefined : hash;
}

function hashOf(onceFor: NonNullable<RebootWant['onceFor']>): string {
  return createHash('sha256').update(JSON.stringify(onceFor)).digest('hex');
}

async function restart(
  id: RebootId,
  { onceFor }: RebootWant,
  live: RebootLive,
  to: HostWriter,
): Promise<Written<RebootLive>> {
  if (live.isHere) throw isHere(id);
  const { boot, mark } = live;
  const path = markPath(id);
  const owned = { mode: '0600', owner: 'root', group: 'root' } as const;
  const content = onceFor === undefined ? undefined : Buffer.from(`${hashOf(onceFor)} ${boot}\n`);
  const operations: readonly Operation[] = [
    ...(content ? [{ do: 'put-file', path, content, ...owned } as const] : []),
    { do: 'reboot', boot },
  ];
  const sameBoot = {
    question: { ask: 'sha256', path: bootIdPath },
    expected: sha256Of(Buffer.from(`${boot}\n`)),
  } as const;
  const changed = await to.change({ guards: [sameBoot, ...guardsFor(path, mark)], operations, readBack: [] });
  if (changed.is === 'moved') return { is: 'moved', now: await readingOf(async () => await look(id, to)) };
  const now: PathImage | null = content
    ? { kind: 'file', ...owned, sha256: sha256Of(content), size: content.length, content }
    : mark;
  return { is: 'written', live: { ...live, isUnderWay: true, mark: now } };
}

function isHere({ id }: RebootId): CairnError {
  return new CairnError(
    problem('is-here', `reboot ${id} is due, and would restart the machine that this run is on`, {
      help: 'restart it by hand, and say the same again; or run Cairn on another machine, which reaches this one by SSH',
    }),
  );
}

// What it was restarted for is forgotten or known again; the host isn't restarted for that.
async function giveBack(
  id: RebootId,
  before: RebootLive | null,
  live: RebootLive | null,
  to: HostWriter,
): Promise<Written<RebootLive>> {
  const change = { path: markPath(id), before: before?.mark ?? null, live: live?.mark ?? null };
  const back = await restorePath(change, to);
  if (back.is === 'moved') return { is: 'moved', now: await readingOf(async () => await look(id, to)) };
  return { is: 'written', live: live && { ...live, mark: back.live } };
}

async function readiness(id: RebootId, live: RebootLive, from: HostReader): Promise<Readiness> {
  if (!live.isUnderWay) return live.due.length === 0 ? { is: 'ready' } : { is: 'failed', why: stillDue(id, live.due) };
  try {
    const now = await look(id, from);
    if (now.boot === live.boot) return { is: 'waiting', on: 'the host to go down' };
    if (now.due.length > 0) return { is: 'failed', why: stillDue(id, now.due) };
    return (await isStarting(from)) ? { is: 'waiting', on: 'the host to have started' } : { is: 'ready' };
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    const [why] = diagnosticsOf(error);
    return { is: 'waiting', on: 'the host to answer', ...(why && !isLoss(why) ? { why } : {}) };
  }
}

// Whoever answers already may still be about to start what the next resource needs. Only systemd says so.
async function isStarting(from: HostReader): Promise<boolean> {
  const { stdout } = await from.ask({ ask: 'run', argv: ['systemctl', 'is-system-running'] });
  return ['initializing', 'starting'].includes(stdout.trim());
}

function stillDue({ id }: RebootId, due: readonly string[]) {
  return problem('still-due', `the host was restarted for reboot ${id}, which is due as before: ${due.join(', ')}`, {
    help: 'find out what asks for it; it is not restarted again before the next run',
  });
}
