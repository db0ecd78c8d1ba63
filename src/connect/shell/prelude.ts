import type { ShellText } from './quote.ts';

/**
 * The functions that question and operation bodies use. POSIX sh and coreutils only; runs in dash, bash and busybox.
 * A question prints its answer, and fails with the reason on stderr when it has none. Only errno "no such file" means absent.
 */
export const prelude: ShellText = `
unset CDPATH; IFS=' 	
'
frame() { printf '\\n%s %s %s\\n' "$marker" "$1" "$2"; printf '\\n%s %s %s\\n' "$marker" "$1" "$2" >&2; }
fail() { printf '%s\\n' "$1" >&2; return 1; }
# Sets "kind" and "answer", of a link without its target: what prints needs a process to be read.
look() {
  kind=absent answer=absent
  line=$(LC_ALL=C stat -c '%f %a %U %G %s %u %g' -- "$1" 2>&1) || {
    case $line in *': No such file or directory') return 0;; esac
    fail "$line"; return 1; }
  set -- "$1" $line
  case $2 in ????????*) kind=other;; 8???) kind=file;; 4???) kind=directory;; a???) kind=link;; *) kind=other;; esac
  owner=$4; [ "$owner" != UNKNOWN ] || owner=$7
  group=$5; [ "$group" != UNKNOWN ] || group=$8
  size=0; [ $kind != file ] || size=$6
  answer="$kind $3 $owner $group $size "
}
state() {
  look "$1" || return 1
  printf %s "$answer"
  if [ $kind = link ]; then readlink -- "$1"; else echo; fi
}
# Sets "kind": "file" when it is one, "no" when something else or nothing is there.
is_file() {
  if [ -f "$1" ] && [ ! -h "$1" ]; then kind=file; return 0; fi
  look "$1" || return 1
  [ $kind = file ] || kind=no
}
content() {
  is_file "$1" || return 1
  echo $kind
  [ $kind = no ] || head -c "$2" -- "$1"
}
piece() {
  is_file "$1" || return 1
  echo $kind
  [ $kind = no ] || tail -c "+$2" -- "$1" | head -c "$3"
}
digest() {
  is_file "$1" || return 1
  [ $kind = file ] || { echo no; return 0; }
  line=$(sha256sum <"$1") || return 1
  echo "\${line%% *}"
}
names() {
  line=$(state "$1") || return 1
  case $line in absent) echo absent; return 0;; 'directory '*) ;; *) fail "$1 is not a directory"; return 1;; esac
  ls -A -- "$1" >/dev/null || return 1
  echo present
  for name in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$name" ] || [ -h "$name" ]; then printf '%s\\0' "\${name##*/}"; fi
  done
}
packages() {
  command -v dpkg-query >/dev/null || { fail 'there is no dpkg here'; return 1; }
  dpkg --print-architecture || return 1
  dpkg-query -W -f '\${db:Status-Status}\\t\${Package}\\t\${Architecture}\\t\${Version}\\n' || return 1
  echo
  [ ! -e /var/lib/apt/extended_states ] || cat /var/lib/apt/extended_states
}
package() {
  command -v dpkg-query >/dev/null || { fail 'there is no dpkg here'; return 1; }
  line=$(dpkg-query -W -f '\${db:Status-Status} \${Version}' "$1" 2>/dev/null) || line=
  case $line in 'installed '*|'triggers-'*) ;; *) echo absent; return 0;; esac
  auto=$(apt-mark showauto "$1") || return 1
  printf '%s %s\\n' "\${line#* }" "\${auto:+auto}"
}
apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \\
    apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o APT::Install-Recommends=false "$@" </dev/null
}
# Same: 0, moved: 3, unknown: anything else. Trailing newlines don't count.
same() {
  want=$1; shift
  if [ "$1" = state ]; then
    look "$2" || return 1
    [ $kind != link ] || answer=$answer$(readlink -- "$2")
  else answer=$("$@") || return 1; fi
  [ "$answer" = "$want" ] || return 3
}
folder() { [ -d "\${1%/*}/" ] || fail "the directory \${1%/*} does not exist"; }
# Sets "temp": a name that nobody can guess, by $2.
beside() { folder "$1" && temp="\${1%/*}/.cairn-$2"; }
# What is put in place: $1, where: $2. A mount point (/etc/hosts in a container) can't be renamed over, so it is written in
# place, and given its owner $3 and mode $4. Anything else that is in the way stays: a link may stand there the next moment.
settle() {
  [ -h "$2" ] || [ ! -d "$2" ] || { rm -f -- "$1"; fail "$2 is a directory"; return 1; }
  why=$(LC_ALL=C mv -f -T -- "$1" "$2" 2>&1) && return 0
  case $why in *busy*)
    if [ -f "$2" ] && [ ! -h "$2" ] && [ ! -h "$1" ] && cat -- "$1" >"$2" && { [ -z "$3" ] || chown -- "$3" "$2"; } &&
      { [ -z "$4" ] || chmod -- "0$4" "$2"; }; then rm -f -- "$1"; return 0; fi;;
  esac
  rm -f -- "$1"; fail "$why"; return 1
}
# Copies of files that are too large for an image: root's alone, gone when they were put back.
copies=/var/lib/cairn-copies
keep() {
  [ ! -h "$copies" ] && mkdir -p -m 700 -- "$copies" || return 1
  [ ! -f "$copies/$2" ] || return 0
  temp=$(mktemp "$copies/.cairn-XXXXXXXXXXXX") || return 1
  trap 'rm -f -- "$temp"' EXIT; trap 'exit 143' TERM HUP INT PIPE
  cat -- "$1" >"$temp" && line=$(sha256sum <"$temp") || return 1
  [ "\${line%% *}" = "$3" ] || { fail "$1 changed while it was copied"; return 1; }
  settle "$temp" "$copies/$2"
}
put_copy() {
  [ -f "$copies/$4" ] || { fail "the copy that was kept of $1 is gone"; return 1; }
  put "$1" "$2" "$3" "$5" cat <"$copies/$4" || return 1
  rm -f -- "$copies/$4"; rmdir -- "$copies" 2>/dev/null; return 0
}
# As many bytes as are asked for here: they come after that, and fewer are an end of the connection.
fed() {
  printf '\\n%s %s hungry\\n' "$marker" "$part" >&7
  head -c "$1" <&8 && size=$(wc -c <"$own") && [ "$size" -eq "$1" ] || fail "its content did not arrive whole"
}
# Bodies that check a file before it goes live redefine it.
validate() { :; }
# The file is made anew or not at all, and from then on held by its descriptor: what takes its name meanwhile is never touched.
put() {
  beside "$1" "$4" || return 1
  umask 077; set -C
  exec 9>"$temp" || return 1
  set +C; umask 022
  trap 'rm -f -- "$temp"' EXIT; trap 'exit 143' TERM HUP INT PIPE
  own=/proc/self/fd/9; [ -e $own ] || own=$temp
  \${5:-base64 -d} >&9 && chown -- "$2" "$own" && chmod -- "0$3" "$own" || { rm -f -- "$temp"; return 1; }
  exec 9>&-
  validate || { rm -f -- "$temp"; fail "the new content of $1 was refused by its check"; return 1; }
  settle "$temp" "$1" "$2" "$3" || return 1
  trap - EXIT
}
# By where it really is: a link that took its place leads elsewhere. The dot keeps line feeds at the end of a name. A leading 0 more makes chmod take set-group-ID off, too.
directory() {
  folder "$1" && cd -P -- "\${1%/*}/" && here=$(pwd -P && echo .) && mkdir -m 700 -- "./\${1##*/}" && cd -P -- "./\${1##*/}" || return 1
  now=$(pwd -P && echo .); here=\${here%??}
  [ "\${now%??}" = "\${here%/}/\${1##*/}" ] || { fail "$1 is somebody else's now"; return 1; }
  chown -- "$2" . && chmod -- "0$3" .
}
symlink() {
  beside "$1" "$3" && ln -s -T -- "$2" "$temp" || return 1
  settle "$temp" "$1"
}
# Holds the file or directory $1 itself by a descriptor, whose name is then in "own"; what only root can reach has no name of its own.
hold() {
  own=$1
  [ ! -h "$1" ] || { fail "$1 is a link"; return 1; }
  here=$(cd -P -- "\${1%/*}/" && pwd -P && echo .) || return 1
  if ! { [ -f "$1" ] || [ -d "$1" ]; } || ! command exec 9<"$1"; then [ ! -O / ]; return $?; fi 2>/dev/null
  line=$(readlink /proc/self/fd/9 && echo .) || return 0
  here=\${here%??}
  [ "\${line%??}" = "\${here%/}/\${1##*/}" ] || { fail "$1 is a link"; return 1; }
  own=/proc/self/fd/9
}
attributes() {
  [ -z "$2" ] || chown -h -- "$2" "$1" || return 1
  [ -z "$3" ] || { hold "$1" && chmod -- "0$3" "$own"; }
}
remove() {
  line=$(state "$1") || return 1
  case $line in absent) ;; file*|link*) rm -f -- "$1";; directory*) rmdir -- "$1";; *) fail "$1 is no file, link or directory";; esac
}
# Waits for the command that was just started; ends it when the other side of this shell is gone.
mind() {
  pid=$!
  trap 'kill $pid 2>/dev/null; wait $pid; exit 143' TERM
  if [ -n "$life" ]; then
    eval "( read -r _ <&$life; kill \\$pid ) >/dev/null 2>&1 &"
    watch=$!
  fi
  wait $pid; status=$?
  [ -z "$life" ] || kill $watch 2>/dev/null
  return $status
}`;
