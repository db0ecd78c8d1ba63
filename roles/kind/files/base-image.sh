#!/bin/sh
# Provides the base of all our images as CACHE/images/base-bookworm.tar, tagged localhost/cairn/base:bookworm:
# the published debian:bookworm-slim where it can be pulled, else a Debian 12 made from packages.
# usage: base-image.sh CACHE
set -eu
[ $# = 1 ] || { echo "usage: base-image.sh CACHE" >&2; exit 2; }
cache=$1
here=$(cd "$(dirname "$0")" && pwd)
out=$cache/images/base-bookworm.tar
tag=localhost/cairn/base:bookworm
[ ! -e "$out" ] || { echo "the base image is in the cache"; exit 0; }
. "$here/container-engine.sh"
mkdir -p "$cache/images"
work=$(mktemp -d "$cache/images/.base-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

echo "looking for the published image debian:bookworm-slim"
if timeout 300 "$engine" pull --quiet docker.io/library/debian:bookworm-slim > "$work/pull.log" 2>&1; then
  "$engine" tag docker.io/library/debian:bookworm-slim "$tag"
  "$engine" save --output "$work/out" "$tag"
else
  echo "it can't be pulled ($(tail -n 1 "$work/pull.log" | sed 's|.*: ||')); making one from Debian packages"
  sh "$here/debian-root.sh" minbase ca-certificates "$work/root"
  sh "$here/image-archive.sh" "$work/root" "$work/out" '{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/bash"]}' "$tag"
fi
mv "$work/out" "$out"
echo "base image: $(du -h "$out" | cut -f1)"
