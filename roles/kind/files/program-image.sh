#!/bin/sh
# Provides the image TAG as the archive OUT: the published one where it can be pulled, else one of programs of binaries.txt and nothing else.
# usage: program-image.sh CACHE TAG OUT.tar PROGRAM=PATH...      the first program is the entry point
set -eu
[ $# -ge 4 ] || { echo "usage: program-image.sh CACHE TAG OUT.tar PROGRAM=PATH..." >&2; exit 2; }
cache=$1 tag=$2 out=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$out" ] || { echo "$tag is in the cache"; exit 0; }
. "$here/container-engine.sh"
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.program-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

echo "looking for the published image $tag"
if timeout 300 "$engine" pull --quiet "$tag" > "$work/pull.log" 2>&1; then
  "$engine" save --output "$work/out" "$tag"
else
  echo "it can't be pulled ($(tail -n 1 "$work/pull.log" | sed 's|.*: ||')); building it"
  root=$work/root
  mkdir -p "$root/etc" "$root/tmp"
  chmod 755 "$root" && chmod 1777 "$root/tmp"
  printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534::/:/sbin/nologin\n' > "$root/etc/passwd"
  folders=
  for program in "$@"; do
    name=${program%%=*} path=${program#*=}
    sh "$here/go-binary.sh" "$cache" "$name"
    mkdir -p "$root$(dirname "$path")"
    cp "$cache/bin/$name-$(awk -v name="$name" '$1 == name { print $2 }' "$here/binaries.txt")" "$root$path"
    folders=$folders${folders:+:}$(dirname "$path")
  done
  sh "$here/image-archive.sh" "$root" "$work/out" "{\"Env\":[\"PATH=$folders\"],\"Entrypoint\":[\"${1#*=}\"]}" "$tag"
fi
mv "$work/out" "$out"
echo "$tag: $(du -h "$out" | cut -f1)"
