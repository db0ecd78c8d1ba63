import type { FileKind, TreeEntry } from '../../model/host.ts';
import { quote, type ShellText } from './quote.ts';

/** Prints all that is beneath a directory, in batches: names, each ended by a NUL, an empty one, and a line for each. */
export function treeBody(path: string): ShellText {
  return `( look ${quote(path)} || exit 1
case $found in absent) echo absent; exit 0;; 'directory '*) ;; *) fail ${quote(`${path} is not a directory`)}; exit 1;; esac
echo present
cd -P -- ${quote(path)} || exit 1
exec 3>&1
bad=$({ find . -xdev ! -name . -print0 | LC_ALL=C xargs -0 -r sh -c 'printf "%s\\0" "$@"; printf "\\0"; stat -c "%f %a %U %G %s %u %g" -- "$@"' sh >&3; } 2>&1)
[ -z "$bad" ] || fail "$bad" )`;
}

/** Reads what that prints. Throws a RangeError when the directory changed meanwhile. */
export function parseTree(out: Buffer): readonly TreeEntry[] | null {
  const start = out.indexOf(10) + 1;
  if (out.subarray(0, start).toString('latin1') === 'absent\n') return null;
  const entries: TreeEntry[] = [];
  for (let at = start; at < out.length; ) {
    const names: string[] = [];
    for (let end = out.indexOf(0, at); end > at; end = out.indexOf(0, at)) {
      names.push(out.subarray(at, end).toString('utf8'));
      at = end + 1;
    }
    at += 1;
    for (const name of names) {
      const end = out.indexOf(10, at);
      entries.push(entryOf(name.slice('./'.length), out.subarray(at, end).toString('latin1')));
      at = end + 1;
    }
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const kinds: Readonly<Record<string, FileKind>> = { 8: 'file', 4: 'directory', a: 'link' };

function entryOf(path: string, line: string): TreeEntry {
  const [, type = '', mode = '', user = '', group = '', size, uid = '', gid = ''] =
    /^([0-9a-f]+) ([0-7]+) (\S+) (\S+) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
  if (size === undefined) throw new RangeError(`${path} changed while it was looked at`);
  const kind = (type.length === 4 ? kinds[type.charAt(0)] : undefined) ?? 'other';
  return {
    path,
    kind,
    mode: mode.padStart(4, '0'),
    owner: user === 'UNKNOWN' ? uid : user,
    group: group === 'UNKNOWN' ? gid : group,
    size: kind === 'file' ? Number(size) : 0,
  };
}
