# What comes first in a script of a Job: $host and $url are the server and a repository, Git uses the deploy key and knows the server.
# shellcheck shell=sh disable=SC2034
set -eu
host=$1 url=$2
export HOME=/tmp/home
mkdir -p "$HOME"
cd "$HOME"
# ssh refuses a key that others may read, and mounted ones belong to a group
install -m 600 /run/keys/deploy/ssh-privatekey deploy
options="-o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/run/keys/known/ssh_known_hosts -o IdentitiesOnly=yes -o ConnectTimeout=5"
export GIT_SSH_COMMAND="ssh $options -i $HOME/deploy" GIT_AUTHOR_NAME=probe GIT_AUTHOR_EMAIL=probe@localhost
export GIT_COMMITTER_NAME=probe GIT_COMMITTER_EMAIL=probe@localhost

# the node's rules for a Service follow a new pod a moment after it is ready
tries=0
until git ls-remote --quiet "$url" > refs 2> why; do
  tries=$((tries + 1))
  [ $tries -lt 15 ] || { cat why >&2; echo "$url can't be read with the deploy key" >&2; exit 1; }
  sleep 1
done
