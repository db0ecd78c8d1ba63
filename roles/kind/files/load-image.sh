#!/bin/sh
# Puts the image archive ARCHIVE (a docker-archive, plain or .zst) into the node of cluster NAME under the tags it carries.
# An archive that is there already, by its digest, is not sent again.
# usage: load-image.sh CACHE NAME ARCHIVE
set -eu
[ $# = 3 ] || { echo "usage: load-image.sh CACHE NAME ARCHIVE" >&2; exit 2; }
cache=$1 node=$2-control-plane archive=$3
here=$(cd "$(dirname "$0")" && pwd)
[ -r "$archive" ] || { echo "load-image.sh: $archive is missing; build it first" >&2; exit 1; }
. "$here/container-engine.sh"
in_node() { "$engine" exec -i "$node" ctr -n k8s.io "$@"; }

# the images in the node remember the archive they came from; a tag that has moved to another archive since doesn't count
digest=$(sha256sum "$archive" | cut -c1-64)
read_archive() { case $archive in *.zst) zstd -dcq "$archive" ;; *) cat "$archive" ;; esac; }
tags=$(read_archive | tar -xOf - --occurrence=1 manifest.json 2>/dev/null | sed -n 's/.*"RepoTags":\[\([^]]*\)\].*/\1/p' | tr ',' '\n' | tr -d '"' | sort -u)
[ -n "$tags" ] || { echo "load-image.sh: $archive is not an image archive with a tag" >&2; exit 1; }
first=$(echo "$tags" | head -n 1)
there=$(in_node images ls "labels.\"cairn.archive\"==$digest" | awk 'NR > 1 { print $1 }' | sort -u)
if [ "$(printf '%s\n%s\n' "$tags" "$there" | sort | uniq -d)" = "$tags" ]; then echo "$first is in the node"; exit 0; fi

echo "loading $first"
read_archive | in_node images import --all-platforms --digests --snapshotter=overlayfs - >/dev/null
for tag in $tags; do in_node images label "$tag" "cairn.archive=$digest" >/dev/null; done
echo "loaded $first"
