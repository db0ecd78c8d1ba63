#!/bin/sh
# Removes the throw-away cluster NAME and all it left on this machine but the cache: processes, mounts, interfaces, firewall rules, cgroups.
# usage: cluster-down.sh CACHE STATE NAME
set -eu
[ $# = 3 ] || { echo "usage: cluster-down.sh CACHE STATE NAME" >&2; exit 2; }
cache=$1 state=$2 name=$3
here=$(cd "$(dirname "$0")" && pwd)
kind=$cache/bin/kind-$(awk '$1 == "kind" { print $2 }' "$here/binaries.txt")
. "$here/container-engine.sh"

echo "deleting cluster $name"
mkdir -p "$state"
if [ -x "$kind" ]; then "$kind" delete cluster --name "$name" --kubeconfig "$state/kubeconfig" --quiet; fi
if [ "$engine" = podman ] && [ -z "$("$engine" ps --all --external --quiet)" ]; then sh "$here/podman-clean.sh" "$cache" "$podman_run"; fi
if [ "$engine" = docker ] && [ -z "$(docker ps -aq --filter network=kind)" ]; then docker network rm kind >/dev/null 2>&1 || true; fi
sh "$here/kernel-settings.sh" restore "$state/kernel-settings" 2>/dev/null || echo "cluster-down.sh: not every kernel setting could be given back"
if [ -e "$state/made_lib_modules" ]; then rmdir /lib/modules 2>/dev/null || true; fi
rm -rf "$state/audit" "$state/kubeadm" "$state/audit-policy.yaml" "$state/ca-bundle.crt" "$state/kind.yaml" "$state/kind.log" "$state/kubeconfig" "$state/kernel-settings" "$state/made_lib_modules"
rmdir "$state" 2>/dev/null || true
echo "cluster $name is gone"
