#!/bin/sh
# Makes the repositories that are named and not there, then serves them all.
# usage: git-entrypoint OWNER/NAME...
set -eu
for repository in "$@"; do
  folder=/srv/git/$repository.git
  if [ ! -e "$folder/HEAD" ]; then git init --quiet --bare --initial-branch=main "$folder"; fi
done
exec /usr/sbin/sshd -D -e
