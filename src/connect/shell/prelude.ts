import type { ShellText } from './quote.ts';

/**
 * The functions that question and operation bodies use. POSIX sh and coreutils only; runs in dash, bash and busybox.
 * A question prints its answer, and fails with the reason on stderr when it has none. Only errno "no such file" means absent.
 */
export const prelude: ShellText = `
unset CDPATH; temp= fresh= summer=sha256sum IFS=' 	
'
# Nobody hears what is left to say when the other side is gone: then the script ends.
frame() { printf '\\n%s %s %s\\n' "$marker" "$1" "$2" || exit; printf '\\n%s %s %s\\n' "$marker" "$1" "$2" >&2; }
# The same for what says nothing on stderr unless it fails.
brief() { if [ "$2" = 0 ]; then printf '\\n%s %s 0\\n' "$marker" "$1" || exit; else frame "$1" "$2"; fi; }
fail() { printf '%s\\n' "$1" >&2; return 1; }
# Its state, in "found".
look() {
  found=$(LC_ALL=C stat -c '%f %a %U %G %s %u %g' -- "$1" 2>&1) || {
    case $found in *': No such file or directory') found=absent; return 0;; esac
    fail "$found"; return 1; }
  set -- "$1" $found
  case $2 in ????????*) kind=other;; 8???) kind=file;; 4???) kind=directory;; a???) kind=link;; *) kind=other;; esac
  owner=$4; [ "$owner" != UNKNOWN ] || owner=$7
  group=$5; [ "$group" != UNKNOWN ] || group=$8
  size=0; [ $kind != file ] || size=$6
  target=; [ $kind != link ] || { target=$(readlink -- "$1" && echo .) && target=\${target%??} || return 1; }
  found="$kind $3 $owner $group $size $target"
}
# What was looked at when it was written is not looked at again.
state() {
  if [ "$1" = "$fresh" ]; then found=$fresh_is; else look "$1" || return 1; fi
  fresh=
  printf '%s\\n' "$found"
}
# Limit of content, what is asked of each path (s: state, c: content, too), paths. Prints what each seems to be (n: nothing, l: a
# link, o: something else), what stat says of nothing and of the others, and the content of files within the limit.
looks() {
  limit=$1 flags=$2 classes= wanted=; shift 2
  for path; do
    if [ -h "$path" ]; then classes=\${classes}l; elif [ -e "$path" ]; then classes=\${classes}o; else classes=\${classes}n; fi
  done
  printf '%s\\n' "$classes"
  looks_absent "$@"
  for path; do
    shift; flag=\${flags%"\${flags#?}"}; flags=\${flags#?}
    case $classes in o*) wanted=$wanted$flag; set -- "$@" "$path";; esac
    classes=\${classes#?}
  done
  [ $# -gt 0 ] || return 0
  lines=$(LC_ALL=C stat -c '%f %a %U %G %s %u %g' -- "$@") || return 1
  printf '%s\\n' "$lines"
  IFS='
'
  for line in $lines; do
    path=$1; shift; flag=\${wanted%"\${wanted#?}"}; wanted=\${wanted#?}
    size=\${line#* * * * }; size=\${size%% *}
    case $flag$line in c8???' '*) [ "$size" -gt "$limit" ] || set -- "$@" "$path";; esac
  done
  IFS=' 	
'
  [ $# = 0 ] || cat -- "$@"
}
looks_absent() {
  for path; do shift; [ -e "$path" ] || [ -h "$path" ] || set -- "$@" "$path"; done
  [ $# = 0 ] || LC_ALL=C stat -c x -- "$@" 2>&1
  return 0
}
# Is there surely nothing? Where the shell can't tell, somebody else must.
missing() {
  set -- "$1" "\${1##*/}"
  [ ! -e "$1" ] && [ ! -h "$1" ] && [ -d "\${1%/*}/" ] && [ -x "\${1%/*}/" ] && [ \${#1} -lt 900 ] && [ \${#2} -lt 64 ]
}
# 0: it is as it was. 3: it isn't. Anything else: nobody knows.
still() {
  [ "$2" != absent ] || ! missing "$1" || return 0
  look "$1" || return 1
  [ "$found" = "$2" ] || return 3
}
still_holds() {
  sum "$1" || return 1
  [ "$found" = "$2" ] || return 3
}
# In "kind": file when it is one, no when something else or nothing is there.
regular() {
  if [ ! -f "$1" ] || [ -h "$1" ]; then
    look "$1" || return 1
    case $found in 'file '*) ;; *) kind=no; return 0;; esac
  fi
  kind=file
}
content() {
  regular "$1" || return 1
  echo $kind
  [ "$kind" = no ] || head -c "$2" -- "$1"
}
piece() {
  regular "$1" || return 1
  echo $kind
  [ "$kind" = no ] || tail -c "+$2" -- "$1" | head -c "$3"
}
# The sum of its content, in "found".
sum() {
  regular "$1" || return 1
  found=no
  [ $kind = no ] || { { found=$($summer <"$1") || found=$(sha256sum <"$1"); } && found=\${found%% *}; }
}
digest() { sum "$1" && printf '%s\\n' "$found"; }
names() {
  look "$1" || return 1
  case $found in absent) echo absent; return 0;; 'directory '*) ;; *) fail "$1 is not a directory"; return 1;; esac
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
# apt leaves copies of keys and signatures among the temporary files, most of all when it is ended: they get a folder that goes.
aptUpdate() (
  temp=$(mktemp -d /tmp/.cairn-XXXXXXXXXXXX) || exit 1
  trap 'rm -rf -- "$temp"' EXIT; trap 'exit 143' TERM HUP INT PIPE
  chown -- _apt "$temp" 2>/dev/null || :
  export TMPDIR="$temp"
  apt update
)
# Same: 0, moved: 3, unknown: anything else. Trailing newlines don't count.
same() { want=$1; shift; have=$("$@") || return 1; [ "$have" = "$want" ] || return 3; }
folder() { [ -d "\${1%/*}/" ] || fail "the directory \${1%/*} does not exist"; }
# Sets "temp": a name that nobody can guess, by $2.
beside() { folder "$1" && temp="\${1%/*}/.cairn-$2"; }
# What is put in place: $1, where: $2. A mount point (/etc/hosts in a container) can't be renamed over, so it is written in
# place, and given its owner $3 and mode $4. Anything else that is in the way stays: a link may stand there the next moment.
settle() {
  [ -h "$2" ] || [ ! -d "$2" ] || { rm -f -- "$1"; fail "$2 is a directory"; return 1; }
  why=$(LC_ALL=C mv -f -T -- "$1" "$2" 2>&1) && return 0
  case $why in *'is a directory')
    # busybox looks where a link leads: the link goes first, and nothing else.
    if [ -h "$2" ] && rm -f -- "$2" && why=$(LC_ALL=C mv -f -T -- "$1" "$2" 2>&1); then return 0; fi;;
  *busy*)
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
# So many bytes of its input. Where dd can count them, it takes a third of the time that head does.
bytes() {
  set -- "$1" iflag=fullblock,count_bytes bs=64k status=none
  if dd "$2" "$3" "$4" count=0 </dev/null >/dev/null 2>&1; then dd "$2" "$3" "$4" count="$1"; else head -c "$1"; fi
}
# As many bytes as are asked for here: they come after that, and fewer are an end of the connection. What is so large is summed by a
# program that knows this processor, if there is one.
fed() {
  printf '\\n%s %s hungry\\n' "$marker" "$part" >&7
  ! command -v openssl >/dev/null || summer='openssl dgst -sha256 -r'
  bytes "$1" <&8 && size=$(wc -c <"$own") && [ "$size" -eq "$1" ] || fail "its content did not arrive whole"
}
# Bodies that check a file before it goes live redefine it.
validate() { :; }
# New things are such by themselves: root's, where root works, with a mode of $3.
plain() { [ "$1 $2" = "root:root $3" ] && [ -O "$4" ] && [ -G "$4" ] && [ -O /proc ] && [ -G /proc ]; }
# What $1 has become, looked at. Where the folder has its own rules for owner $2 and mode $3 of new things, they are set.
became() {
  look "$1" || return 1
  case $found in *" $3 \${2%%:*} \${2#*:} "*) ;; *) ( attributes "$1" "$2" "0$3" ) && look "$1" || return 1;; esac
  fresh=$1; fresh_is=$found
}
# Before an operation on files: what is half done is never left.
afresh() { fresh=; trap '[ -z "$temp" ] || rm -f -- "$temp"' EXIT; trap 'exit 143' TERM HUP INT PIPE; }
# Before one that runs programs.
alone() { fresh=; trap - EXIT TERM HUP INT PIPE; }
drop() { rm -f -- "$temp"; temp=; return 1; }
# Path, owner, mode, and what nobody can guess; "fill" prints the content. The file is made anew or not at
# all, and from then on held by its descriptor: what takes its name meanwhile is never touched.
put() {
  beside "$1" "$4" || return 1
  umask 077; [ "$2 $3" != 'root:root 644' ] || umask 022
  set -C; command exec 9>"$temp" || { temp=; return 1; }
  set +C; umask 022
  own=/proc/self/fd/9; [ -e $own ] || own=$temp
  fill >&9 || drop || return 1
  plain "$2" "$3" 644 "$own" || { chown -- "$2" "$own" && chmod -- "0$3" "$own"; } || drop || return 1
  exec 9>&-
  validate || { drop; fail "the new content of $1 was refused by its check"; return 1; }
  validate() { :; }
  settle "$temp" "$1" "$2" "$3" || return 1
  temp=
  became "$1" "$2" "$3"
}
put_copy() {
  copy=$copies/$5
  [ -f "$copy" ] || { fail "the copy that was kept of $1 is gone"; return 1; }
  fill() { cat <"$copy"; }
  put "$1" "$2" "$3" "$4" || return 1
  rm -f -- "$copy"; rmdir -- "$copies" 2>/dev/null; return 0
}
# By where it really is: a link that took its place leads elsewhere. Zeros before it make chmod take set-group-ID off, too.
directory() {
  back=$PWD
  folder "$1" && cd -P -- "\${1%/*}/" || return 1
  here=\${PWD%/}/\${1##*/}
  if [ "$2 $3" = 'root:root 755' ]; then umask 022; mkdir -- "./\${1##*/}"; else mkdir -m 700 -- "./\${1##*/}"; fi || return 1
  plain "$2" "$3" 755 "./\${1##*/}" || {
    cd -P -- "./\${1##*/}" || return 1
    [ "$PWD" = "$here" ] || { fail "$1 is somebody else's now"; return 1; }
    chown -- "$2" . && chmod -- "00$3" . || return 1
  }
  cd -- "$back" 2>/dev/null || cd /
  became "$1" "$2" "$3"
}
symlink() {
  beside "$1" "$3" && ln -s -T -- "$2" "$temp" || { temp=; return 1; }
  settle "$temp" "$1" && temp=
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
  look "$1" || return 1
  case $found in absent) ;; file*|link*) rm -f -- "$1";; directory*) rmdir -- "$1";; *) fail "$1 is no file, link or directory";; esac
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
  trap - TERM
  [ -z "$life" ] || kill $watch 2>/dev/null
  return $status
}
`
  // Some shells read what comes through a pipe byte by byte.
  .replace(/^ *(?:#.*\n)?/gm, '');
