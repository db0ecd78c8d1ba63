#!/bin/sh
# Makes the server's folder on the first start, sees that root's password is the mounted one, then serves. Arguments go to devpi-server.
set -eu
umask 077
server=/data/server password=/run/secrets/devpi/password

# the folder appears whole or not at all, so a first start that was killed begins again
if [ ! -e "$server/.nodeinfo" ]; then
  rm -rf /data/.new
  devpi-init --serverdir /data/.new
  devpi-gen-secret --secretfile /data/.new/secret
  # nearly a million names of projects would keep a processor busy for a quarter of an hour, until they can all be searched
  python3 - --serverdir /data/.new <<'PYTHON'
import sys
from devpi_server.main import CommandRunner, xom_from_config
with CommandRunner() as runner:
    parser = runner.create_parser(description="The mirror does without the names of all projects.", add_help=False)
    parser.add_configfile_option()
    parser.add_logging_options()
    parser.add_storage_options()
    xom = xom_from_config(runner.get_config(sys.argv, parser))
    with xom.keyfs.write_transaction():
        xom.model.getstage("root/pypi").modify(mirror_no_project_list=True)
PYTHON
  mv /data/.new "$server"
fi

# by standard input: neither arguments nor environment may show it
digest=$(sha256sum < "$password")
if [ "$digest" != "$(cat "$server/.root" 2>/dev/null)" ]; then
  for _ in enter repeat; do cat "$password"; echo; done | devpi-passwd --serverdir "$server" root
  echo "$digest" > "$server/.root"
fi

# the secret is 32 random bytes: stretching it like a password would only cost each start 12 s and 512 MiB
exec devpi-server --serverdir "$server" --secretfile "$server/secret" --argon2-time-cost 1 --argon2-memory-cost 65536 \
  --host 0.0.0.0 --port 3141 "$@"
