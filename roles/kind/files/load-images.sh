#!/bin/sh
# Puts image archives of CACHE/images (docker-archives) into the node of cluster NAME under the tags they carry: as many at a time as there are
# processors, the largest first, so that none is left alone at the end. One that is there already is not read again.
# usage: load-images.sh CACHE NAME ARCHIVE...
set -eu
[ $# -ge 3 ] || { echo "usage: load-images.sh CACHE NAME ARCHIVE..." >&2; exit 2; }
cache=$1 node=$2-control-plane
shift 2
here=$(cd "$(dirname "$0")" && pwd)
. "$here/container-engine.sh"
cd "$cache/images"
for archive; do
  [ -r "$archive" ] || { echo "load-images.sh: $cache/images/$archive is missing; build it first" >&2; exit 1; }
done
"$engine" exec "$node" test -e "/opt/cairn/images/$1" || {
  echo "load-images.sh: $node was raised by an older recipe and doesn't see $cache/images; take the cluster down and raise it again" >&2
  exit 1
}
# shellcheck disable=SC2012,SC2016 # the names are ours, and the variables the node's
ls -S -- "$@" | "$engine" exec -i "$node" sh -c 'xargs -P "$(nproc)" -n 1 sh -euc "$1" load' sh "$(cat "$here/load-in-node.sh")"
