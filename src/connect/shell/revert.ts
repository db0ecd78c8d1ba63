import type { Operation } from '../../model/host.ts';
import { guardFolder, type Way } from '../../model/revert.ts';
import { checkPath } from './paths.ts';
import { prelude } from './prelude.ts';
import { printContent, quote, quoteAll, type ShellText } from './quote.ts';

type Arm = Extract<Operation, { do: 'arm' }>;

const over = 'the time was over: the host gives itself back what was there';
/** Seconds that a command of the way back may take. */
const patience = 120;

// A clock that nobody sets.
const uptime = `uptime() { read -r now _ </proc/uptime; echo "\${now%%.*}"; }`;

// Whoever makes the directory "claim" first decides: the timer, or those who confirm.
const timer = `
${prelude}
${uptime}
d=$1; trap '' HUP
give_back() {
  read -r kind mode owner group size target <"$2.state" || return 1
  name=$(mktemp -u XXXXXXXXXXXX) || return 1
  kept=$2.content
  fill() { cat <"$kept"; }
  case $kind in
    absent) remove "$1";;
    file) [ -h "$1" ] || [ ! -d "$1" ] || remove "$1" || return 1; put "$1" "$owner:$group" "$mode" "$name";;
    link) symlink "$1" "$target" "$name" && attributes "$1" "$owner:$group" '';;
    directory) if [ -d "$1" ] && [ ! -h "$1" ]; then attributes "$1" "$owner:$group" "$mode"; else remove "$1" && directory "$1" "$owner:$group" "$mode"; fi;;
    *) fail "$1 was no file, link or directory";;
  esac
}
while [ -d "$d" ]; do
  read -r due <"$d/due"
  if [ "$(uptime)" -ge "$due" ]; then
    mkdir "$d/claim" 2>/dev/null || exit 0
    read -r due <"$d/due"
    [ "$(uptime)" -lt "$due" ] || break
    rmdir "$d/claim"
  fi
  sleep 1
done
[ -d "$d" ] || exit 0
cd /
failed=
for part in $(ls -r "$d" | grep '[.]entry$') $(ls "$d" | grep '[.]later$'); do ( . "$d/$part"; [ -z "$bad" ] ) || failed=1; done
if [ -n "$failed" ]; then : >"$d/failed"; else rm -rf -- "$d"; fi
`;

/** Keeps what is there now, and starts the timer or sets it anew. The timer is a process of its own session. */
export function armBody({ guard, entry, seconds, saves }: Arm): ShellText {
  const name = String(entry).padStart(6, '0');
  const paths = saves.paths ?? [];
  const back = [
    ...(saves.commands ?? []).map(commandBack),
    ...paths.map((path, at) => `( give_back ${quote(checkPath(path))} "$d/${name}.${at}" ) || bad=1`),
  ];
  const keep = paths.map((path, at) => `keep_image ${quote(checkPath(path))} "$d/${name}.${at}" || exit 1`);
  const later = (saves.afterwards ?? []).map(commandBack);
  return `( d=${quote(guardFolder(guard))}; umask 077
${uptime}
keep_image() {
  line=$(state "$1") || return 1
  printf '%s\\n' "$line" >"$2.state" || return 1
  case $line in file*) cat -- "$1" >"$2.content";; esac
}
${entry === 1 ? 'mkdir -m 700 -- "$d" || exit 1' : `[ -d "$d" ] || { fail '${over}'; exit 1; }`}
${keep.join('\n')}
${write(`bad=\n${later.join('\n')}\n`)} >"$d/${name}.later" || exit 1
${write(`bad=\n${back.join('\n')}\n`)} >"$d/${name}.part" && mv -f -- "$d/${name}.part" "$d/${name}.entry" || exit 1
echo $(($(uptime) + ${seconds})) >"$d/due.part" && mv -f -- "$d/due.part" "$d/due" || exit 1
[ ! -d "$d/claim" ] || { fail '${over}'; exit 1; }
[ ! -f "$d/timer" ] || exit 0
${write(timer)} >"$d/timer" || exit 1
session=; if command -v setsid >/dev/null; then session=setsid; fi
$session sh "$d/timer" "$d" </dev/null >"$d/log" 2>&1 &
echo $! >"$d/pid" )`;
}

/** What was changed stays: the timer ends, and what was kept goes. */
export function disarmBody(guard: string): ShellText {
  return `( d=${quote(guardFolder(guard))}
[ -d "$d" ] && mkdir "$d/claim" 2>/dev/null || { fail '${over}'; exit 1; }
read -r pid <"$d/pid"; kill "$pid" 2>/dev/null; rm -rf -- "$d" )`;
}

/** The time is over now. */
export function giveBackBody(guard: string): ShellText {
  return `( d=${quote(guardFolder(guard))}; [ ! -d "$d" ] || { echo 0 >"$d/due.part" && mv -f -- "$d/due.part" "$d/due"; } )`;
}

function commandBack({ argv, cwd = '/', when }: Way): ShellText {
  const run = (words: readonly string[]): ShellText =>
    `( cd -- ${quote(cwd)} && exec timeout -k 5 ${patience} ${quoteAll(words)} </dev/null )`;
  const signs = when?.map((sign) => {
    if ('exists' in sign) return `[ -e ${quote(sign.exists)} ] || [ -h ${quote(sign.exists)} ]`;
    if ('succeeds' in sign) return run(sign.succeeds);
    // A program that isn't there tells nothing.
    return `{ ${run(sign.fails)}; case $? in 0|126|127) false;; esac; }`;
  });
  const back = `${run(argv)} || bad=1`;
  return signs ? `if ${signs.join(' || ')}; then ${back}; fi` : back;
}

// None of it is among the words of a process.
function write(text: ShellText): ShellText {
  return printContent(Buffer.from(text, 'latin1'));
}
