#!/bin/sh
# Provides the image of Argo CD as the archive OUT with TAG: the published one where it can be pulled, else one built from CONTEXT, with its programs.
# usage: argo-cd-image.sh CACHE CONTEXT TAG OUT.tar
set -eu
[ $# = 4 ] || { echo "usage: argo-cd-image.sh CACHE CONTEXT TAG OUT.tar" >&2; exit 2; }
cache=$1 context=$2 tag=$3 out=$4
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$out" ] || { echo "$tag is in the cache"; exit 0; }
. "$here/container-engine.sh"
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.argo-cd-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

echo "looking for the published image $tag"
if timeout 300 "$engine" pull --quiet "$tag" > "$work/pull.log" 2>&1; then
  "$engine" save --output "$work/out" "$tag"
  mv "$work/out" "$out"
else
  echo "it can't be pulled ($(tail -n 1 "$work/pull.log" | sed 's|.*: ||')); building it"
  cp -r "$context" "$work/context"
  for name in argocd kustomize helm3; do
    sh "$here/go-binary.sh" "$cache" "$name"
    cp "$cache/bin/$name-$(awk -v name="$name" '$1 == name { print $2 }' "$here/binaries.txt")" "$work/context/$name"
  done
  # its helpers lie beside its sources; Go is where go-binary.sh found it
  PATH=$PATH:/usr/local/go/bin
  module=$(go mod download -json "$(awk '$1 == "argocd" { print $3 }' "$here/binaries.txt")" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
  cp "$module/entrypoint.sh" "$module/hack/gpg-wrapper.sh" "$module/hack/git-verify-wrapper.sh" "$work/context/"
  sh "$here/build-image.sh" "$cache" "$work/context/Containerfile" "$work/context" "$cache/images/base-bookworm.tar" "$tag" "$out"
fi
