#!/bin/sh
# Saves to FILE, or restores from it, the settings of the whole machine that a node changes: Podman's forwarding, kubelet's own, systemd's in the node.
# usage: kernel-settings.sh save|restore FILE      save keeps a file that is there
set -eu
[ $# = 2 ] || { echo "usage: kernel-settings.sh save|restore FILE" >&2; exit 2; }
file=$2
case $1 in
  save)
    [ ! -e "$file" ] || exit 0
    for setting in net/ipv4/ip_forward fs/file-max fs/protected_fifos fs/protected_hardlinks fs/protected_regular fs/protected_symlinks \
      kernel/keys/root_maxbytes kernel/keys/root_maxkeys kernel/panic kernel/panic_on_oops kernel/pid_max vm/overcommit_memory vm/panic_on_oom; do
      if [ -r /proc/sys/$setting ]; then echo "$setting $(cat /proc/sys/$setting)"; fi
    done > "$file.new"
    mv "$file.new" "$file" ;;
  restore)
    [ -e "$file" ] || exit 0
    while read -r setting value; do
      if [ "$(cat "/proc/sys/$setting")" != "$value" ]; then echo "$value" > "/proc/sys/$setting"; fi
    done < "$file" ;;
  *) echo "kernel-settings.sh: save or restore, not $1" >&2; exit 2 ;;
esac
