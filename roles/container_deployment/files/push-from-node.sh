#!/bin/sh
# Pushes the image SOURCE of the node of cluster NAME to a registry, as TARGET. Standard input: the login as HTTP Basic has it, on one line,
# then the authority to trust, if the registry has one of its own. KIND is the folder of the scripts that raised the cluster.
# usage: push-from-node.sh KIND CACHE NAME SOURCE TARGET
set -eu
[ $# = 5 ] || { echo "usage: push-from-node.sh KIND CACHE NAME SOURCE TARGET" >&2; exit 2; }
# shellcheck disable=SC2034 # container-engine.sh wants the cache
here=$1 cache=$2 node=$3-control-plane source=$4 target=$5
. "$here/container-engine.sh"
# The login stays in a file of the node's memory: arguments are for all to see.
# shellcheck disable=SC2016 # the variables are the node's
script='
  umask 077
  host=${2%%/*}
  folder=$(mktemp -d /run/push-XXXXXXXX)
  trap "rm -rf $folder" EXIT
  trap "exit 130" INT TERM HUP
  mkdir "$folder/$host"
  read -r login
  cat > "$folder/ca.crt"
  {
    printf "server = \"https://%s\"\n[host.\"https://%s\"]\n  capabilities = [\"pull\", \"resolve\", \"push\"]\n" "$host" "$host"
    [ ! -s "$folder/ca.crt" ] || printf "  ca = \"%s/ca.crt\"\n" "$folder"
    printf "  [host.\"https://%s\".header]\n    Authorization = [\"Basic %s\"]\n" "$host" "$login"
  } > "$folder/$host/hosts.toml"
  ctr -n k8s.io images push --hosts-dir "$folder" "$2" "$1" > "$folder/log" 2>&1 || { tail -n 5 "$folder/log" >&2; exit 1; }
'
exec "$engine" exec -i "$node" sh -eu -c "$script" push "$source" "$target"
