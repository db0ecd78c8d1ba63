import { CairnError, problem } from '../../../model/diagnostic.ts';

/** What an archive says is in it, before anything is believed. */
export interface RawEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hardlink';
  /** Permission bits, as a number. */
  readonly mode: number;
  readonly content?: Uint8Array;
  /** Of links: as written. Of hard links: the name of an entry before it. */
  readonly target?: string;
}

/** Something that may be unpacked: its path is relative, plain, and beneath no link. */
export interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  /** Octal, four digits; no set-user-ID, set-group-ID or sticky bit. */
  readonly mode: string;
  readonly content: Uint8Array;
  readonly target: string;
}

/** Most bytes of an archive, of all that is in it, and most entries. */
export const limits = { packed: 64 * 1024 * 1024, unpacked: 256 * 1024 * 1024, entries: 20_000 } as const;

/** The error of an archive that won't be unpacked. */
export function refused(why: string): CairnError {
  return new CairnError(
    problem('bad-archive', `the archive is refused: ${why}`, {
      help: 'nothing of it was unpacked; ask whoever made it',
    }),
  );
}

/**
 * The entries that may be unpacked, directories that are only implied among them, each after the one it lies in.
 * Throws `bad-archive` for anything that could reach outside, is there twice, or is no file, directory or link.
 * @param strip how many leading names to leave out; entries that have no more are dropped
 */
export function checkEntries(raw: readonly RawEntry[], strip = 0): readonly Entry[] {
  if (raw.length > limits.entries) throw refused(`it has more than ${limits.entries} entries`);
  const whole = withContents(raw.map((entry) => ({ ...entry, name: plainName(entry.name) })));
  const made = new Map<string, Entry>();
  for (const entry of whole) {
    const names = entry.name.split('/').filter(Boolean).slice(strip);
    if (names.length === 0) continue;
    addFoldersOf(names, made);
    add(entryOf(entry, names), made);
  }
  return [...made.values()];
}

// Leading `./` and trailing `/` mean nothing; everything else that isn't plain is refused.
function plainName(name: string): string {
  const plain = name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
  if (plain === '' || plain === '.') return '';
  const parts = plain.split('/');
  if (plain.startsWith('/')) throw refused(`${JSON.stringify(name)} is an absolute path`);
  if (parts.includes('..')) throw refused(`${JSON.stringify(name)} leads out of its folder`);
  if (parts.includes('.') || parts.includes('')) throw refused(`${JSON.stringify(name)} is no plain path`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  if (/[\0-\x1f\x7f\\\ufffd]/.test(plain))
    throw refused(`${JSON.stringify(name)} holds characters that no name should`);
  if (Buffer.byteLength(plain) > 1024 || parts.some((part) => Buffer.byteLength(part) > 255)) {
    throw refused(`${JSON.stringify(name.slice(0, 60))}… is too long`);
  }
  return plain;
}

// A hard link is one more file of the same content: nothing outside can be meant by it.
function withContents(raw: readonly RawEntry[]): readonly RawEntry[] {
  const files = new Map<string, RawEntry>();
  let size = 0;
  return raw.map((entry) => {
    const first = entry.kind === 'hardlink' ? files.get(plainName(entry.target ?? '')) : entry;
    if (!first)
      throw refused(`${entry.name} is a hard link to ${JSON.stringify(entry.target)}, which is no file before it`);
    size += first.content?.length ?? 0;
    if (size > limits.unpacked) throw refused(`it holds more than ${limits.unpacked / 1024 / 1024} MiB`);
    const whole = { ...first, name: entry.name };
    if (whole.kind === 'file') files.set(entry.name, whole);
    return whole;
  });
}

function addFoldersOf(names: readonly string[], made: Map<string, Entry>): void {
  for (let depth = 1; depth < names.length; depth += 1) {
    const path = names.slice(0, depth).join('/');
    const there = made.get(path);
    if (there && there.kind !== 'directory') throw refused(`${names.join('/')} lies beneath ${path}, a ${there.kind}`);
    if (!there) made.set(path, { path, kind: 'directory', mode: '0755', content: new Uint8Array(), target: '' });
  }
}

function add(entry: Entry, made: Map<string, Entry>): void {
  const there = made.get(entry.path);
  if (there && !(there.kind === 'directory' && entry.kind === 'directory'))
    throw refused(`${entry.path} is in it twice`);
  made.set(entry.path, entry);
}

function entryOf({ kind, mode, content, target = '' }: RawEntry, names: readonly string[]): Entry {
  const path = names.join('/');
  if (kind === 'link') checkTarget(path, target, names.length - 1);
  return {
    path,
    kind: kind === 'hardlink' ? 'file' : kind,
    mode: (mode & 0o777).toString(8).padStart(4, '0'),
    content: content ?? new Uint8Array(),
    target,
  };
}

// Only leading `..` are allowed: behind a name they would count from where a link leads.
function checkTarget(path: string, target: string, depth: number): void {
  const parts = target.split('/');
  const up = parts.findIndex((part) => part !== '..');
  const rest = up < 0 ? [] : parts.slice(up);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  const isPlain = target !== '' && !target.startsWith('/') && !/[\0-\x1f\x7f\ufffd]/.test(target);
  if (isPlain && !rest.includes('..') && (up < 0 ? parts.length : up) <= depth) return;
  throw refused(`${path} is a link to ${JSON.stringify(target)}, outside of the archive`);
}
