#!/bin/sh
# Succeeds when the node of cluster NAME has every image TAG. Changes nothing. KIND is the folder of the scripts that raised the cluster.
# usage: images-in-node.sh KIND CACHE NAME TAG...
set -eu
[ $# -ge 4 ] || { echo "usage: images-in-node.sh KIND CACHE NAME TAG..." >&2; exit 2; }
# shellcheck disable=SC2034 # container-engine.sh wants the cache
here=$1 cache=$2 node=$3-control-plane
shift 3
. "$here/container-engine.sh"
there=$("$engine" exec "$node" ctr -n k8s.io images ls -q)
for tag; do echo "$there" | grep -qxF "$tag" || exit 1; done
