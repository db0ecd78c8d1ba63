#!/bin/sh
# Lays out a Debian 12 root in the folder ROOT: VARIANT is one of mmdebstrap's (minbase installs, extract only unpacks).
# This machine's own way to packages (mirror settings, proxy, CA bundle) is used for it and not left inside.
# usage: debian-root.sh VARIANT PACKAGE,PACKAGE ROOT
set -eu
[ $# = 3 ] || { echo "usage: debian-root.sh VARIANT PACKAGE,PACKAGE ROOT" >&2; exit 2; }
variant=$1 packages=$2 root=$3
command -v mmdebstrap >/dev/null || { echo "debian-root.sh: mmdebstrap is missing; install the package mmdebstrap" >&2; exit 1; }
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
apt-config dump | grep -E '^Acquire::' > "$settings" || true
mmdebstrap --quiet --mode=root --format=directory --variant="$variant" --include="$packages" --aptopt="$settings" \
  --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' --dpkgopt=path-exclude='/usr/share/locale/*' \
  --dpkgopt=path-exclude='/usr/share/info/*' \
  bookworm "$root"
rm -rf "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log "$root"/var/log/apt
