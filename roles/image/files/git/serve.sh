#!/bin/sh
# What a client may ask for: Git's own services. Paths begin at /srv/git, with or without a slash before them.
set -eu
cd /srv/git
case ${SSH_ORIGINAL_COMMAND:-} in
  "git-upload-pack '"* | "git-receive-pack '"* | "git-upload-archive '"*)
    exec git-shell -c "$(printf %s "$SSH_ORIGINAL_COMMAND" | sed "s|^\([a-z-]* '\)/*|\1|")" ;;
  *)
    echo "This server speaks Git and nothing else." >&2
    exit 1 ;;
esac
