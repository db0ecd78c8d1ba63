#!/bin/sh
# Makes the server's folder on the first start, then serves; arguments go to devpi-server.
# The folder appears whole or not at all, so a start that was killed half way begins again.
set -eu
umask 077
server=/data/server
if [ ! -e "$server/.nodeinfo" ]; then
  rm -rf /data/.new
  devpi-init --configfile /run/secrets/devpi/init.yaml --serverdir /data/.new --no-root-pypi
  devpi-gen-secret --secretfile /data/.new/secret
  mv /data/.new "$server"
fi
exec devpi-server --serverdir "$server" --secretfile "$server/secret" --host 0.0.0.0 --port 3141 "$@"
