import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, Operation } from '../../../model/host.ts';
import { guardsFor, lookAt, type PathImage, plainPath } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';

export interface MountId {
  /** Where; the folder must exist. */
  readonly path: string;
}

/** Required unless `absent`: `source` and `type`. */
export interface MountWant extends Absent {
  /** A device, `UUID=…`, `server:/share`, or a name for what has none: `tmpfs`. */
  readonly source?: string;
  readonly type?: string;
  /** Default `defaults`. */
  readonly options?: string;
  /** Mounted now; default true. */
  readonly mounted?: boolean;
}

export interface MountState {
  readonly source: string;
  readonly type: string;
  readonly options: string;
  readonly mounted: boolean;
  /** Its line of /etc/fstab, verbatim, and the place of it from 0. */
  readonly line: string;
  readonly index: number;
}

const table = '/etc/fstab';
const own = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A file system: its line in /etc/fstab, and mounted now. All other lines stay as they are, byte for byte. */
export const mount = stateType<MountId, MountWant, MountState>({
  name: 'mount',
  identity: ['path'],
  address: ({ path }) => `mount${withoutBlanks(plainPath(path))}`,
  title: ({ path }) => `mount ${path}`,
  touches: () => [`file${table}`],
  fields: ['source', 'type', 'options', 'mounted'],
  look: async ({ path }, from) => {
    const [lines, mounted] = await Promise.all([linesIn(from), isMounted(path, from)]);
    const index = lines.findIndex((line) => fieldsOf(line)[1] === withoutBlanks(path));
    const line = lines[index];
    if (line === undefined) return mounted ? unlisted : null;
    const [source = '', , type = '', options = 'defaults'] = fieldsOf(line);
    return { source, type, options, mounted, line, index };
  },
  wish: ({ source, type, options = 'defaults', mounted = true }) => ({
    ...(source === undefined ? {} : { source }),
    ...(type === undefined ? {} : { type }),
    options,
    mounted,
  }),
  steps: async ({ id: { path }, from, to }, host) => {
    const file = await lookAt(table, host);
    const content = edited(textOf(file), { path, from, to });
    const { mode, owner, group } = file ?? own;
    const put: Operation[] =
      content === textOf(file) ? [] : [{ do: 'put-file', path: table, content, mode, owner, group }];
    const [before, after] = around(path, from, to);
    return { guards: guardsFor(table, file), operations: [...before, ...put, ...after] };
  },
});

/** Mounted by somebody, and not by the table. */
const unlisted: MountState = { source: '', type: '', options: '', mounted: true, line: '', index: -1 };

// What another source or type is mounted from goes first; options alone are changed in place.
function around(
  path: string,
  from: MountState | null,
  to: Partial<MountState> | null,
): readonly [readonly Operation[], readonly Operation[]] {
  const run = (...argv: [string, ...string[]]): Operation => ({ do: 'run', argv });
  const was = from?.mounted ?? false;
  const will = to?.mounted ?? false;
  const isOther = to !== null && from !== null && (to.source !== from.source || to.type !== from.type);
  const remounts = was && will && !isOther && to?.options !== from?.options;
  return [
    was && (!will || isOther) ? [run('umount', '--', path)] : [],
    will && (!was || isOther)
      ? [run('mount', '--', path)]
      : remounts
        ? [run('mount', '-o', 'remount', '--', path)]
        : [],
  ];
}

function edited(
  text: string,
  { path, from, to }: { path: string; from: MountState | null; to: Partial<MountState> | null },
): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const line = to === null || to.line === '' ? null : (to.line ?? made(path, to));
  const isListed = from !== null && from.index >= 0;
  const at = isListed ? from.index : Math.min(to?.index ?? lines.length, lines.length);
  lines.splice(at, isListed ? 1 : 0, ...(line === null ? [] : [line]));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function made(path: string, { source, type, options }: Partial<MountState>): string {
  if (source && type) return `${withoutBlanks(source)} ${withoutBlanks(path)} ${type} ${options ?? 'defaults'} 0 0`;
  throw new CairnError(
    problem('mount-incomplete', `mount ${path} says no ${source ? 'type' : 'source'}`, {
      help: "say source and type, or absent: true: { source: 'tmpfs', type: 'tmpfs' }",
    }),
  );
}

async function linesIn(from: HostReader): Promise<readonly string[]> {
  return textOf(await lookAt(table, from)).split('\n');
}

function textOf(file: PathImage | null): string {
  return Buffer.from(file?.content ?? []).toString('utf8');
}

function fieldsOf(line: string): readonly string[] {
  return line.startsWith('#') ? [] : line.trim().split(/\s+/);
}

async function isMounted(path: string, from: HostReader): Promise<boolean> {
  const content = await from.ask({ ask: 'run', argv: ['cat', '/proc/self/mounts'] });
  return content.stdout.split('\n').some((line) => line.split(' ')[1] === withoutBlanks(path));
}

/** Blanks as the tables have them: fstab(5). */
function withoutBlanks(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011');
}
