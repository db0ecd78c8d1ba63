#!/bin/sh
# How the node of cluster NAME finds and trusts the registry HOST behind the gateway: a line in its /etc/hosts, and containerd's settings for HOST.
# KIND is the folder of the scripts that raised the cluster.
# usage: node.sh show|put|remove KIND CACHE NAME HOST      show prints `named` or
# `unnamed`, and the certificate; put reads a certificate
set -eu
[ $# = 5 ] || { echo "usage: node.sh show|put|remove KIND CACHE NAME HOST" >&2; exit 2; }
# shellcheck disable=SC2034 # container-engine.sh wants the cache
what=$1 here=$2 cache=$3 node=$4-control-plane host=$5
. "$here/container-engine.sh"
# shellcheck disable=SC2016 # the variables are the node's
case $what in
  # a node is born with the lines of this machine, by which our names lead to its own loopback
  show) script='
    awk -v host="$1" -v own="$(getent ahostsv4 "$(hostname)" | awk "{ print \$1; exit }")" \
      "\$2 == host && \$1 == own { found = 1 } END { print found ? \"named\" : \"unnamed\" }" /etc/hosts
    cat "/etc/containerd/certs.d/$1/ca.crt" 2>/dev/null || true' ;;
  # /etc/hosts is a mount: it is written over, not replaced
  put) script='
    folder=/etc/containerd/certs.d/$1
    mkdir -p "$folder" && cat > "$folder/ca.crt"
    printf "server = \"https://%s\"\nca = \"%s/ca.crt\"\n" "$1" "$folder" > "$folder/hosts.toml"
    lines=$(awk -v host="$1" "\$2 != host" /etc/hosts)
    printf "%s\n%s %s\n" "$lines" "$(getent ahostsv4 "$(hostname)" | awk "{ print \$1; exit }")" "$1" > /etc/hosts' ;;
  remove) script='
    rm -rf "/etc/containerd/certs.d/$1"
    rmdir /etc/containerd/certs.d 2>/dev/null || true
    lines=$(awk -v host="$1" "\$2 != host" /etc/hosts)
    printf "%s\n" "$lines" > /etc/hosts' ;;
  *) echo "node.sh: show, put or remove, not $what" >&2; exit 2 ;;
esac
exec "$engine" exec -i "$node" sh -eu -c "$script" node "$host"
