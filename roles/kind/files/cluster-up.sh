#!/bin/sh
# Raises the throw-away cluster NAME from the cached node image and waits until it is usable. A cluster that answers is left alone,
# one that doesn't is replaced. Leaves STATE/kubeconfig and STATE/audit/audit.log.
# usage: cluster-up.sh CACHE STATE NAME MINOR
set -eu
[ $# = 4 ] || { echo "usage: cluster-up.sh CACHE STATE NAME MINOR" >&2; exit 2; }
cache=$1 state=$2 name=$3 minor=$4
here=$(cd "$(dirname "$0")" && pwd)
version() { awk -v name="$1" '$1 == name { print $2 }' "$here/binaries.txt"; }
kind=$cache/bin/kind-$(version kind) kubectl=$cache/bin/kubectl-$(version kubectl)
image=localhost/cairn/kind-node:$minor archive=$cache/images/kind-node-$minor.tar.zst
for file in "$kind" "$kubectl" "$archive"; do
  [ -e "$file" ] || { echo "cluster-up.sh: $file is missing; run go-binary.sh and node-image.sh first" >&2; exit 1; }
done
. "$here/container-engine.sh"
kubectl() { "$kubectl" --kubeconfig "$state/kubeconfig" --request-timeout 5s "$@"; }
# Run by sudo: what is here belongs to whom the folder above belongs to.
hand_over() { chown --reference="$(dirname "$state")" "$state" "$state/kubeconfig"; }
exists() { "$kind" get clusters --quiet | grep -qx "$name"; }

if exists; then
  "$kind" export kubeconfig --name "$name" --kubeconfig "$state/kubeconfig" --quiet 2>/dev/null || true
  if kubectl get --raw /readyz >/dev/null 2>&1; then hand_over; echo "cluster $name is up"; exit 0; fi
  echo "cluster $name doesn't answer; replacing it"
  sh "$here/cluster-down.sh" "$cache" "$state" "$name"
  . "$here/container-engine.sh"
fi
for port in 80 443; do
  if awk -v port="$(printf ':%04X' $port)" '$4 == "0A" && substr($2, length($2) - 4) == port { taken = 1 } END { exit !taken }' /proc/net/tcp /proc/net/tcp6; then
    echo "cluster-up.sh: port $port is taken; stop what listens there ('ss -ltnp' shows it)" >&2
    exit 1
  fi
done

mkdir -p "$state/audit"
chmod 700 "$state"
cp "$here/audit-policy.yaml" "$state/audit-policy.yaml"
# a copy: who renews the machine's bundle puts another file in its place, and the node would be left with the old one, deleted
: > "$state/ca-bundle.crt"
for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
  if [ -f "$file" ]; then cat "$file" > "$state/ca-bundle.crt"; break; fi
done
rm -rf "$state/kubeadm"
cp -r "$here/kubeadm" "$state/kubeadm"
sed "s|@STATE@|$state|; s|@CACHE@|$cache|" "$here/kind.yaml" > "$state/kind.yaml"
# down gives back both: kernel settings, and a folder that kind mounts and machines without kernel modules lack
sh "$here/kernel-settings.sh" save "$state/kernel-settings"
if [ ! -e /lib/modules ]; then touch "$state/made_lib_modules" && mkdir /lib/modules; fi

if ! "$engine" image inspect "$image" >/dev/null 2>&1; then
  echo "unpacking the node image"
  zstd -dcq "$archive" | "$engine" load --quiet >/dev/null
fi
# kind would make this network with IPv6 too, and rules for it that nobody needs
[ "$engine" = docker ] || podman network exists kind || podman network create kind >/dev/null

echo "starting Kubernetes $minor"
"$kind" create cluster --name "$name" --image "$image" --config "$state/kind.yaml" --kubeconfig "$state/kubeconfig" --wait 120s > "$state/kind.log" 2>&1 || {
  cat "$state/kind.log" >&2
  echo "cluster-up.sh: kind could not create cluster $name, see above" >&2
  exit 1
}
hand_over

node=$name-control-plane
# A Service answers once kube-proxy has its rules: asks the cluster's DNS, through its Service, for its own name. No label of that name is
# ten bytes long: that length is a line feed, where bash would cut the datagram in two.
dns_answers() {
  "$engine" exec "$node" timeout 2 bash -c 'exec 3<>/dev/udp/10.96.0.10/53
    printf "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x08kube-dns\x0bkube-system\x03svc\x07cluster\x05local\x00\x00\x01\x00\x01" >&3
    head -c 8 <&3 | od -An -tx1 | grep -q "12 34 8. .0 00 01 00 01"'
}
await() { # WHAT COMMAND...: for two minutes
  what=$1 left=400
  shift
  echo "waiting for $what"
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { kubectl get pods -A >&2 || true; echo "cluster-up.sh: $what did not come up in two minutes; the pods are listed above" >&2; exit 1; }
    sleep 0.3
  done
}
await "the ServiceAccount default" kubectl -n default get serviceaccount default
await "DNS" dns_answers
echo "cluster $name is up"
