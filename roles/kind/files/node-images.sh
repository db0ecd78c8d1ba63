#!/bin/sh
# Makes the images that the node runs before anything else, one archive each, in the folder OUT: the control plane, DNS, pause, storage.
# usage: node-images.sh CACHE OUT      needs the binaries of binaries.txt in CACHE/bin
set -eu
[ $# = 2 ] || { echo "usage: node-images.sh CACHE OUT" >&2; exit 2; }
cache=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
path='"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'
mkdir -p "$out"
work=$(mktemp -d "$out/.roots-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

binary() { # NAME: its path in the cache
  version=$(awk -v name="$1" '$1 == name { print $2 }' "$here/binaries.txt")
  file=$cache/bin/$1-$version
  [ -x "$file" ] || { echo "node-images.sh: $file is missing; run go-binary.sh for $1 first" >&2; exit 1; }
  echo "$file"
}

image() { # NAME TAG...: one binary in an otherwise empty root, unless the root has been laid out before
  name=$1
  shift
  echo "image $1"
  root=$work/$name
  file=$(binary "$name")
  mkdir -p "$root/usr/local/bin" "$root/etc" "$root/tmp" "$root/run"
  chmod 755 "$root"
  chmod 1777 "$root/tmp"
  [ -e "$root/etc/passwd" ] || printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534::/:/sbin/nologin\n' > "$root/etc/passwd"
  cp "$file" "$root/usr/local/bin/$name"
  sh "$here/image-archive.sh" "$root" "$out/$name.tar" "{\"Env\":[$path],\"Entrypoint\":[\"/usr/local/bin/$name\"]}" "$@"
  rm -rf "$root"
}

kubernetes=$(awk '$1 == "kube-apiserver" { print $2 }' "$here/binaries.txt")
image kube-apiserver "registry.k8s.io/kube-apiserver:$kubernetes"
image kube-controller-manager "registry.k8s.io/kube-controller-manager:$kubernetes"
image kube-scheduler "registry.k8s.io/kube-scheduler:$kubernetes"
image etcd registry.k8s.io/etcd:3.6.5-0
image coredns registry.k8s.io/coredns/coredns:v1.12.1
image pause registry.k8s.io/pause:3.10.1 registry.k8s.io/pause:3.10
image local-path-provisioner docker.io/rancher/local-path-provisioner:v0.0.30

# kube-proxy calls iptables. Debian links that name when it installs, which "extract" doesn't do.
echo "packages for kube-proxy"
sh "$here/debian-root.sh" extract iptables,kmod "$work/kube-proxy"
for command in iptables ip6tables; do
  for suffix in '' -save -restore; do ln -sf xtables-nft-multi "$work/kube-proxy/usr/sbin/$command$suffix"; done
done
image kube-proxy "registry.k8s.io/kube-proxy:$kubernetes"

# The storage helper is a shell that makes and removes folders.
echo "packages for the storage helper"
sh "$here/debian-root.sh" extract busybox-static "$work/helper"
for command in sh mkdir rm chmod chown; do ln -sf busybox "$work/helper/bin/$command"; done
sh "$here/image-archive.sh" "$work/helper" "$out/local-path-helper.tar" "{\"Env\":[$path],\"Cmd\":[\"/bin/sh\"]}" localhost/cairn/local-path-helper:bookworm
