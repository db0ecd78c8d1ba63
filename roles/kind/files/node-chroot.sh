#!/bin/sh
# Runs inside the node's root file system, in namespaces of its own, and does there what the Dockerfile of kind's base image does,
# then puts the images of /images into containerd's store.
# usage: node-chroot.sh KUBERNETES_VERSION
set -eu
version=$1

# systemd starts what a node needs and nothing else
find /lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
rm -f /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* /lib/systemd/system/local-fs.target.wants/* \
  /lib/systemd/system/sockets.target.wants/*udev* /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/*
echo "ReadKMsg=no" >> /etc/systemd/journald.conf
ln -sf /usr/lib/systemd/systemd /sbin/init
systemctl enable --quiet kubelet.service containerd.service undo-mount-hacks.service service-range.service
systemctl mask --quiet systemd-binfmt.service

# kind expects containerd and the network plug-ins where its own build puts them
mkdir -p /etc/kubernetes/manifests /opt/cni /etc/cni/net.d /kind/manifests
ln -sf /usr/lib/cni /opt/cni/bin
for program in containerd containerd-shim-runc-v2 ctr; do ln -sf "/usr/bin/$program" "/usr/local/bin/$program"; done
# without CAP_SYS_RESOURCE (a container host that withholds it) nobody may lower an OOM score
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
ctr oci spec |
  jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' > /etc/containerd/cri-base.json
printf %s "$version" > /kind/version

echo "loading images into the node"
containerd > /tmp/containerd.log 2>&1 &
daemon=$!
tries=0
until ctr version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 60 ] || { cat /tmp/containerd.log >&2; echo "node-chroot.sh: containerd did not start in the root file system, see above" >&2; exit 1; }
  sleep 0.5
done
for archive in /images/*.tar; do
  ctr -n k8s.io images import --label=io.cri-containerd.pinned=pinned --all-platforms --no-unpack "$archive" >/dev/null
done
kill "$daemon"
wait "$daemon" || true
rm -rf /var/lib/containerd/tmpmounts /tmp/containerd.log /run/containerd
