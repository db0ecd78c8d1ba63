#!/bin/sh
# Provides the node image of a Kubernetes minor as CACHE/images/kind-node-MINOR.tar.zst: the published one where it can be pulled,
# else one built from packages, which can be done for the version of binaries.txt only.
# usage: node-image.sh CACHE MINOR
set -eu
# Where the archive of go.dev goes; sudo and a login by SSH leave that out of the path.
PATH=$PATH:/usr/local/go/bin
[ $# = 2 ] || { echo "usage: node-image.sh CACHE MINOR" >&2; exit 2; }
cache=$1 minor=$2
here=$(cd "$(dirname "$0")" && pwd)
built=$(awk '$1 == "kubelet" { print $2 }' "$here/binaries.txt")
kind=$(awk '$1 == "kind" { print $3 }' "$here/binaries.txt")
published=$(awk -v minor="$minor" '$1 == minor { print $2 "@" $3 }' "$here/published.txt")
tag=localhost/cairn/kind-node:$minor
out=$cache/images/kind-node-$minor.tar.zst
[ ! -e "$out" ] || { echo "the node image of Kubernetes $minor is in the cache"; exit 0; }
. "$here/container-engine.sh"

mkdir -p "$cache/images"
work=$(mktemp -d "$cache/images/.node-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
root=$work/root

pull() {
  [ -n "$published" ] || { echo "none is known for $minor" > "$work/pull.log"; return 1; }
  echo "looking for the published image kindest/node:${published%@*}"
  timeout 600 "$engine" pull --quiet "docker.io/kindest/node@${published#*@}" > "$work/pull.log" 2>&1 || return 1
  "$engine" tag "docker.io/kindest/node@${published#*@}" "$tag"
  "$engine" save "$tag" | zstd -q -T0 -3 > "$work/out"
}

build() {
  why=$(tail -n 1 "$work/pull.log" | sed 's|.*: ||')
  case $built in
    "v$minor."*) echo "no published image can be pulled ($why); building $built" ;;
    *) echo "node-image.sh: no published image of Kubernetes $minor can be pulled ($why), and only $built can be built" >&2; exit 1 ;;
  esac
  sed -n '/^# Not for the cluster/q; s/^\([a-z][^ ]*\).*/\1/p' "$here/binaries.txt" | while read -r name; do sh "$here/go-binary.sh" "$cache" "$name"; done
  echo "root file system from Debian packages"
  sh "$here/debian-root.sh" minbase \
    systemd,dbus,containerd,runc,containernetworking-plugins,iptables,conntrack,ethtool,iproute2,kmod,mount,procps,hostname,jq,ca-certificates,util-linux "$root"
  go mod download "$kind"
  files=$(go env GOMODCACHE)/$kind/images/base/files
  cp -r --no-preserve=ownership "$files/." "$root/"
  chmod -R u+w "$root/kind" "$root/etc/containerd" "$root/etc/systemd/system"
  chmod 755 "$root"/kind "$root"/kind/bin "$root"/kind/bin/* "$root"/usr/local/bin/*
  for program in kubelet kubeadm kubectl; do cp "$cache/bin/$program-$built" "$root/usr/bin/$program"; done
  mkdir -p "$root/etc/cni/net.d" "$root/kind/manifests" "$root/images"
  cp "$here/bridge.conflist" "$root/etc/cni/net.d/10-bridge.conflist"
  cp "$here/service-range.service" "$root/etc/systemd/system/"
  cp "$here/default-cni.yaml" "$root/kind/manifests/default-cni.yaml"
  cp "$here/local-storage.yaml" "$root/kind/manifests/default-storage.yaml"
  sh "$here/node-images.sh" "$cache" "$root/images"
  cp "$here/node-chroot.sh" "$root/tmp/node-chroot.sh"
  # the mounts and processes of this step end with its namespaces
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child sh -eu -c '
    mount --bind "$1" "$1" && cd "$1"
    mount -t proc proc proc && mount --rbind /dev dev && mount --rbind /sys sys && mount -t tmpfs tmpfs run
    exec chroot . sh /tmp/node-chroot.sh "$2"' node "$root" "$built"
  rm -rf "$root/images" "$root/tmp/node-chroot.sh"
  echo "packing the image"
  sh "$here/image-archive.sh" "$root" "$work/image.tar" \
    '{"Env":["container=docker","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Entrypoint":["/usr/local/bin/entrypoint","/sbin/init"],"StopSignal":"SIGRTMIN+3"}' "$tag"
  rm -rf "$root"
  zstd -q -T0 -3 --rm "$work/image.tar" -o "$work/out"
}

pull || build
# an image of an older recipe loses its name; a cluster that runs it goes on
if [ "$engine" = podman ]; then podman untag "$tag"; else docker image rm "$tag"; fi >/dev/null 2>&1 || true
mv "$work/out" "$out"
echo "node image of Kubernetes $minor: $(du -h "$out" | cut -f1)"
