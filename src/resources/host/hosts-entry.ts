import { Later, type Planned } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostReader, HostWriter } from '../../model/host.ts';
import { type FieldChange, json, type Reading, resourceType, type Written } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { addressesIn, type HostsLine, linesNaming, withAddress, withLines } from './hosts-lines.ts';
import { field } from './path-compare.ts';
import { lookAt, type PathImage } from './path-image.ts';
import { changePath } from './path-write.ts';

export interface HostsEntryId {
  /** One host name. */
  readonly name: string;
}

export interface HostsEntryWant {
  /** The one address that the name is to have. */
  readonly address: string;
}

/** The lines of /etc/hosts that hold the name. */
export interface HostsEntryLive {
  readonly lines: readonly HostsLine[];
  /** There is no such file. */
  readonly noFile?: true;
}

const path = '/etc/hosts';
const mostAttempts = 5;
const born = { mode: '0644', owner: 'root', group: 'root' } as const;

/** The address of one host name in /etc/hosts. Everything else in the file stays as it is, byte for byte. */
export const hostsEntry = resourceType<'host', HostsEntryId, HostsEntryWant, HostsEntryLive, HostsEntryWant>({
  name: 'hostsEntry',
  version: 1,
  on: 'host',
  identity: ['name'],
  codec: json<HostsEntryLive>(),
  address: ({ name }) => `hostsEntry/${plainName(name)}`,
  title: ({ name }) => `hosts entry ${name}`,
  read: async ({ name }, from) => await read(name, from),
  diff: (live, want) => ({ changes: want === null ? compare(live, null) : changesOf(live, want), foreign: [] }),
  write: async ({ id: { name }, want, live }, to) =>
    await rewrite(
      name,
      live,
      (content) => (want ? withAddress(content, name, want.address) : withLines(content, name, [])),
      to,
    ),
  restore: async ({ id: { name }, before, live }, to) => {
    if (compare(before, live).length === 0) return { is: 'written', live };
    const change = (content: string): string | null => {
      const text = withLines(content, name, before?.lines ?? []);
      return text === '' && before?.noFile ? null : text;
    };
    return await rewrite(name, live, change, to);
  },
  compare,
  saves: async () => ({ paths: [path] }),
  out: ({ lines }, { name }) => ({ address: addressesIn(lines)[0] ?? nowhere(name) }),
  loss: async () => ({ is: 'none' }),
  touches: () => [`file${path}`],
});

function nowhere(name: string): never {
  throw new CairnError(problem('does-not-exist', `${path} is not there, and so holds no ${name}`));
}

function plainName(name: string): string {
  if (/^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(name)) return name;
  throw new CairnError(problem('bad-host-name', `${JSON.stringify(name)} can't be a host name`));
}

function compare(a: HostsEntryLive | null, b: HostsEntryLive | null): readonly FieldChange[] {
  const [from, to] = [a, b].map((one) => (one && one.lines.length > 0 ? show(one.lines) : 'absent'));
  return from === to ? [] : [field('address', from, to)];
}

function show(lines: readonly HostsLine[]): string {
  return addressesIn(lines).join(', ');
}

function changesOf(live: HostsEntryLive | null, want: Planned<HostsEntryWant>): readonly FieldChange[] {
  if (want instanceof Later || want.address instanceof Later) return [{ path: 'address', how: 'later', secret: false }];
  const now = live && live.lines.length > 0 ? show(live.lines) : undefined;
  return now === want.address ? [] : [field('address', now, want.address)];
}

async function read(name: string, from: HostReader): Promise<Reading<HostsEntryLive>> {
  return await readingOf(async () => {
    const { image, text } = await hostsFile(from);
    return image ? entryIn(name, text) : { lines: [], noFile: true };
  });
}

function entryIn(name: string, text: string): HostsEntryLive | null {
  const lines = linesNaming(name, text);
  return lines.length === 0 ? null : { lines };
}

async function hostsFile(from: HostReader): Promise<{ readonly image: PathImage | null; readonly text: string }> {
  const image = await lookAt(path, from);
  if (image && !image.content)
    throw new CairnError(problem('unreadable', `${path} is not a plain file of ordinary size`));
  return { image, text: Buffer.from(image?.content ?? []).toString('latin1') };
}

// Others may change other lines meanwhile: then it is read and changed again.
async function rewrite(
  name: string,
  live: HostsEntryLive | null,
  change: (content: string) => string | null,
  to: HostWriter,
): Promise<Written<HostsEntryLive>> {
  for (let attempt = 1; ; attempt += 1) {
    const { image, text } = await hostsFile(to);
    const now = entryIn(name, text);
    if (compare(live, now).length > 0 || attempt > mostAttempts) return { is: 'moved', now: await read(name, to) };
    const changed = change(text);
    if (changed === text) return { is: 'written', live: now };
    const { mode, owner, group } = image ?? born;
    const content = Buffer.from(changed ?? '', 'latin1');
    const put = { do: 'put-file', path, content, mode, owner, group } as const;
    const operations = [changed === null ? ({ do: 'remove', path } as const) : put];
    const written = await changePath({ path, live: image, operations }, to);
    if (written.is === 'written') return { is: 'written', live: entryIn(name, changed ?? '') };
  }
}
