#!/bin/sh
# Builds CONTAINERFILE with CONTEXT, the build argument BASE set to the image of BASE_ARCHIVE, and keeps the result as the archive OUT with TAG.
# Where packages come from on this machine (apt's and pip's settings, proxy, CA bundle) reaches the build and not the image.
# usage: build-image.sh CACHE CONTAINERFILE CONTEXT BASE_ARCHIVE TAG OUT.tar
set -eu
[ $# = 6 ] || { echo "usage: build-image.sh CACHE CONTAINERFILE CONTEXT BASE_ARCHIVE TAG OUT.tar" >&2; exit 2; }
cache=$1 containerfile=$2 context=$3 base_archive=$4 tag=$5 out=$6
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$out" ] || { echo "$tag is in the cache"; exit 0; }
[ -r "$base_archive" ] || { echo "build-image.sh: $base_archive is missing; run base-image.sh first" >&2; exit 1; }
. "$here/container-engine.sh"
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.build-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
base=$("$engine" load --quiet --input "$base_archive" | tail -n 1 | sed 's/^Loaded image[^:]*: *//')

echo "building $tag"
if [ "$engine" = docker ]; then
  docker build --quiet --network host --build-arg "BASE=$base" --tag "$tag" --file "$containerfile" "$context" > "$work/log" 2>&1
else
  sh "$here/host-settings.sh" "$work/host"
  podman build --isolation chroot --network host --layers=false --volume "$work/host:/run/host:ro" \
    --volume "$work/host/apt.conf:/etc/apt/apt.conf.d/99host:ro" --volume "$work/host/pip.conf:/etc/pip.conf:ro" \
    --build-arg "BASE=$base" --tag "$tag" --file "$containerfile" "$context" > "$work/log" 2>&1
fi || { tail -n 40 "$work/log" >&2; echo "build-image.sh: $tag was not built from $containerfile, see above" >&2; exit 1; }
"$engine" save --output "$work/out" "$tag" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
mv "$work/out" "$out"
echo "built $tag: $(du -h "$out" | cut -f1)"
