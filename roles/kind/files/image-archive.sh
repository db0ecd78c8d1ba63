#!/bin/sh
# Packs the folder ROOT as a one-layer image archive (docker-archive; docker, podman, ctr and kind load it), the same bytes each time.
# usage: image-archive.sh ROOT OUT.tar CONFIG_JSON TAG...      CONFIG_JSON is the image's "config", such as {"Entrypoint":["/pause"]}
set -eu
[ $# -ge 4 ] || { echo "usage: image-archive.sh ROOT OUT.tar CONFIG_JSON TAG..." >&2; exit 2; }
root=$1 out=$2 config=$3
shift 3
work=$(mktemp -d "$(dirname "$out")/.image-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
pack() { tar --sort=name --mtime=@0 --numeric-owner "$@"; }
case $(uname -m) in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac

pack --xattrs --xattrs-include='security.capability' -C "$root" -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -c1-64)
printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"cairn"}]}' \
  "$arch" "$config" "$layer" > "$work/config.json"
digest=$(sha256sum "$work/config.json" | cut -c1-64)
mv "$work/config.json" "$work/$digest.json"
mv "$work/layer.tar" "$work/$layer.tar"
tags=$(printf '"%s",' "$@")
printf '[{"Config":"%s.json","RepoTags":[%s],"Layers":["%s.tar"]}]' "$digest" "${tags%,}" "$layer" > "$work/manifest.json"
pack -C "$work" -cf "$work/out" manifest.json "$digest.json" "$layer.tar"
mv "$work/out" "$out"
