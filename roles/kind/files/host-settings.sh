#!/bin/sh
# Writes to the folder OUT how this machine reaches packages, for a build that finds it as /run/host: ca.crt, apt.conf, pip.conf.
# usage: host-settings.sh OUT
set -eu
[ $# = 1 ] || { echo "usage: host-settings.sh OUT" >&2; exit 2; }
out=$1
mkdir -p "$out"
: > "$out/ca.crt"
for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -f "$file" ]; then cp "$file" "$out/ca.crt"; break; fi
done

{
  if command -v apt-config >/dev/null; then apt-config dump | grep -Ei '^Acquire::(http|https|Check|Retries)' || true; fi
  echo 'Acquire::https::CaInfo "/run/host/ca.crt";'
} > "$out/apt.conf"

# pip prints a file's settings as global.KEY='VALUE' and the environment's as :env:.KEY='VALUE', the stronger ones last
{
  echo "[global]"
  { python3 -m pip config list 2>/dev/null || true; } |
    sed -n "s/^\(global\|install\|:env:\)\.\(index-url\|extra-index-url\|trusted-host\|proxy\|timeout\|default-timeout\)='\(.*\)'$/\2 = \3/p" | sed 's/^default-timeout/timeout/' |
    awk -F' = ' '{ value[$1] = $0 } END { for (key in value) print value[key] }'
  echo "cert = /run/host/ca.crt"
} > "$out/pip.conf"
