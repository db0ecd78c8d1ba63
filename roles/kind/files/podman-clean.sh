#!/bin/sh
# Once our last container is gone: takes away what Podman leaves behind, its network, firewall chains, mounts, cgroups and run-time folders.
# Another Podman on this machine keeps what it uses.
# usage: podman-clean.sh CACHE PODMAN_RUN      with container-engine.sh's environment
set -eu
[ $# = 2 ] || { echo "usage: podman-clean.sh CACHE PODMAN_RUN" >&2; exit 2; }
cache=$1 run=$2

if podman network exists kind; then podman network rm kind >/dev/null; fi
podman volume prune --force >/dev/null

for iptables in iptables ip6tables; do
  for table in filter nat; do
    rules=$($iptables -w -t $table -S 2>/dev/null | grep NETAVARK) || continue
    # a rule inside these chains belongs to a container or network that still lives
    ! echo "$rules" | grep -Eq '^-A (NETAVARK_FORWARD|NETAVARK-HOSTPORT-DNAT|NETAVARK-DN-|NETAVARK-[0-9A-F]+) ' || continue
    echo "$rules" | sed -n 's/^-A/-D/p' | xargs -r -L1 $iptables -w -t $table
    echo "$rules" | sed -n 's/^-N/-X/p' | xargs -r -L1 $iptables -w -t $table
  done
done
# iptables on nftables keeps its tables when their last rule goes
for table in 'ip filter' 'ip nat' 'ip6 filter' 'ip6 nat'; do
  # shellcheck disable=SC2086 # family and table are two words
  if kept=$(nft -s list table $table 2>/dev/null) && ! echo "$kept" | grep -Evq '^table |^[[:space:]]*(chain .*|type .* policy accept;|})?$'; then nft delete table $table; fi
done

rm -rf "$run"
for mount in "$cache/podman/overlay" /run/netns; do
  if grep -q " $mount " /proc/self/mountinfo && { [ "$mount" != /run/netns ] || [ -z "$(ls -A /run/netns)" ]; }; then umount "$mount"; fi
done
rmdir /run/netns /run/runc /run/cairn 2>/dev/null || true
for parent in /sys/fs/cgroup/libpod_parent /sys/fs/cgroup/*/libpod_parent; do
  if [ -d "$parent" ]; then find "$parent" -depth -type d -exec rmdir {} \; 2>/dev/null || true; fi
done
