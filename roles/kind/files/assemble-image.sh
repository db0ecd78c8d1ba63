#!/bin/sh
# Provides the image TAG as the archive OUT: the published one where it can be pulled, else one built from CONTEXT with programs of binaries.txt and
# files of their Go modules.
# usage: assemble-image.sh CACHE CONTEXT TAG OUT.tar PROGRAM[:FILE...]...
set -eu
[ $# -ge 5 ] || { echo "usage: assemble-image.sh CACHE CONTEXT TAG OUT.tar PROGRAM[:FILE...]..." >&2; exit 2; }
cache=$1 context=$2 tag=$3 out=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$out" ] || { echo "$tag is in the cache"; exit 0; }
. "$here/container-engine.sh"
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.assemble-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
column() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$here/binaries.txt"; }

echo "looking for the published image $tag"
if timeout 300 "$engine" pull --quiet "$tag" > "$work/pull.log" 2>&1; then
  "$engine" save --output "$work/out" "$tag"
  mv "$work/out" "$out"
else
  echo "it can't be pulled ($(tail -n 1 "$work/pull.log" | sed 's|.*: ||')); building it"
  cp -r "$context" "$work/context"
  # Go is where go-binary.sh finds it
  PATH=$PATH:/usr/local/go/bin
  for program in "$@"; do
    name=${program%%:*}
    sh "$here/go-binary.sh" "$cache" "$name"
    cp "$cache/bin/$name-$(column "$name" 2)" "$work/context/$name"
    [ "$name" != "$program" ] || continue
    module=$(go mod download -json "$(column "$name" 3)" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
    echo "${program#*:}" | tr : '\n' | while read -r file; do cp "$module/$file" "$work/context/"; done
  done
  sh "$here/build-image.sh" "$cache" "$work/context/Containerfile" "$work/context" "$cache/images/base-bookworm.tar" "$tag" "$out"
fi
