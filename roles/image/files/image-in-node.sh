#!/bin/sh
# Succeeds when the node of cluster NAME has the image TAG. Changes nothing. KIND is the folder of the scripts that raised the cluster.
# usage: image-in-node.sh KIND CACHE NAME TAG
set -eu
[ $# = 4 ] || { echo "usage: image-in-node.sh KIND CACHE NAME TAG" >&2; exit 2; }
here=$1 cache=$2 node=$3-control-plane tag=$4
. "$here/container-engine.sh"
"$engine" exec "$node" ctr -n k8s.io images ls -q "name==$tag" | grep -qxF "$tag"
