import { Later, type Planned } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostReader, HostWriter, Operation, PackageState } from '../../model/host.ts';
import { type FieldChange, json, type Reading, resourceType, type Written } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { withoutIt } from './package-removal.ts';
import { field } from './path-compare.ts';

export interface PackageId {
  /** As the package manager of the host calls it. */
  readonly name: string;
}

export interface PackageWant {
  /** Exactly this version; left out, any will do. */
  readonly version?: string;
  /** It may not be installed. */
  readonly absent?: boolean;
}

/**
 * A package of the system's own package manager (apt, dnf or apk), installed and marked as wanted, without recommended ones. Undo
 * removes it with the dependencies that nothing else needs, or gives back its version and mark.
 */
export const aptPackage = resourceType<'host', PackageId, PackageWant, PackageState, PackageState>({
  name: 'package',
  version: 1,
  on: 'host',
  identity: ['name'],
  codec: json<PackageState>(),
  address: ({ name }) => `package/${name}`,
  title: ({ name }) => `package ${name}`,
  read: async ({ name }, from) => await read(name, from),
  diff: (live, want) => {
    if (want !== null && !isUnwanted(want)) return { changes: changesOf(live, want), foreign: [] };
    return { changes: compare(live, null), foreign: [], ...(want === null ? {} : { removes: true }) };
  },
  write: async ({ id, want, live }, to) => {
    if (want === null || isUnwanted(want)) return await remove(id.name, live, to);
    return await install(id.name, want, live, to);
  },
  restore: async ({ id, before, live }, to) => {
    if (compare(before, live).length === 0) return { is: 'written', live };
    return before ? await giveBack(id.name, before, live, to) : await remove(id.name, live, to);
  },
  compare,
  out: (live) => live,
  loss: async ({ name }, _, from) => {
    const { alsoNeeded } = await withoutIt(name, from);
    if (alsoNeeded.length === 0) return { is: 'none' };
    return { is: 'data', why: neededBy(name, alsoNeeded), holds: alsoNeeded.map((other) => `package/${other}`) };
  },
  // Which files it brings, and whom it makes, is known once it is there.
  touches: () => ['*/etc/*', '*/var/*', 'user/*', 'group/*'],
});

async function read(name: string, from: HostReader): Promise<Reading<PackageState>> {
  return await readingOf(async () => (await from.ask({ ask: 'packages' }))[name] ?? null);
}

function compare(a: PackageState | null, b: PackageState | null): readonly FieldChange[] {
  const version = a?.version === b?.version ? [] : [field('version', a?.version ?? 'absent', b?.version ?? 'absent')];
  return a && b && a.auto !== b.auto ? [...version, field('mark', mark(a), mark(b))] : version;
}

function isUnwanted(want: Planned<PackageWant>): boolean {
  return !(want instanceof Later) && want.absent === true;
}

function mark({ auto }: PackageState): string {
  return auto ? 'automatic' : 'manual';
}

function changesOf(live: PackageState | null, want: Planned<PackageWant>): readonly FieldChange[] {
  if (want instanceof Later || want.version instanceof Later) return [{ path: 'version', how: 'later', secret: false }];
  if (live === null) return [field('version', undefined, want.version ?? 'the newest')];
  const version = want.version ?? live.version;
  return compare(live, { version, auto: false });
}

async function install(
  name: string,
  want: PackageWant,
  live: PackageState | null,
  to: HostWriter,
): Promise<Written<PackageState>> {
  const wrongVersion = want.version !== undefined && want.version !== live?.version;
  const spec = want.version === undefined ? name : `${name}=${want.version}`;
  const operation: Operation =
    live && !wrongVersion
      ? { do: 'mark-packages', auto: [], manual: [name] }
      : { do: 'install-packages', names: [spec] };
  const written = await change(name, live, [operation], to);
  // A package before it may have brought it along: that is still nobody's wish but ours.
  const cameAlong = live === null && written.is === 'moved' && written.now.is === 'present' && written.now.live.auto;
  return cameAlong && written.now.is === 'present' ? await install(name, want, written.now.live, to) : written;
}

async function giveBack(
  name: string,
  before: PackageState,
  live: PackageState | null,
  to: HostWriter,
): Promise<Written<PackageState>> {
  const install: Operation = { do: 'install-packages', names: [`${name}=${before.version}`] };
  const marks: Operation = { do: 'mark-packages', auto: before.auto ? [name] : [], manual: before.auto ? [] : [name] };
  return await change(name, live, before.version === live?.version ? [marks] : [install, marks], to);
}

async function remove(name: string, live: PackageState | null, to: HostWriter): Promise<Written<PackageState>> {
  if (live === null) return await change(name, null, [], to);
  const { alsoNeeded, removes } = await withoutIt(name, to);
  if (alsoNeeded.length > 0) {
    throw new CairnError(
      problem('package-needed', neededBy(name, alsoNeeded), {
        help: `remove those first, or leave it with .keep('…') in its step`,
      }),
    );
  }
  return await change(name, live, [{ do: 'remove-packages', names: removes }], to);
}

async function change(
  name: string,
  live: PackageState | null,
  operations: readonly Operation[],
  to: HostWriter,
): Promise<Written<PackageState>> {
  const question = { ask: 'package', name } as const;
  const done = await to.change({ guards: [{ question, expected: live }], operations, readBack: [question] });
  if (done.is === 'moved') return { is: 'moved', now: await read(name, to) };
  return { is: 'written', live: done.answers[0] as PackageState | null };
}

function neededBy(name: string, others: readonly string[]): string {
  return `removing package ${name} would remove ${others.join(', ')} as well`;
}
