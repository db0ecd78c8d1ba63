#!/bin/sh
# A commit's way to the server and back, as somebody with the deploy key goes it; what a stranger meets. Leaves no branch behind.
# usage: journey.sh HOST URL
set -eu
host=$1 url=$2 branch=cairn-probe
export HOME=/tmp/home
mkdir -p "$HOME"
cd "$HOME"
# ssh refuses a key that others may read, and mounted ones belong to a group
install -m 600 /run/keys/deploy/ssh-privatekey deploy
options="-o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/run/keys/known/ssh_known_hosts -o IdentitiesOnly=yes -o ConnectTimeout=5"
export GIT_SSH_COMMAND="ssh $options -i $HOME/deploy" GIT_AUTHOR_NAME=probe GIT_AUTHOR_EMAIL=probe@localhost
export GIT_COMMITTER_NAME=probe GIT_COMMITTER_EMAIL=probe@localhost

tries=0
until git ls-remote --quiet "$url" > refs 2> why; do
  tries=$((tries + 1))
  [ $tries -lt 15 ] || { cat why >&2; echo "$url can't be read with the deploy key" >&2; exit 1; }
  sleep 1
done

git init --quiet --initial-branch=$branch work
date > work/probe
git -C work add probe
git -C work commit --quiet --message 'a probe'
git -C work push --quiet --force "$url" $branch
git clone --quiet --branch $branch "$url" again
cmp work/probe again/probe || { echo "what was pushed to $url came back changed" >&2; exit 1; }
git -C work push --quiet "$url" --delete $branch

ssh-keygen -q -t ed25519 -N '' -f stranger
# shellcheck disable=SC2086 # the options are several words
if ssh $options -i stranger "git@$host" "git-upload-pack '/'" < /dev/null 2> why; then echo "a stranger's key was let in" >&2; exit 1; fi
grep -q 'Permission denied' why || { cat why >&2; echo "a stranger's key met something else than a refusal" >&2; exit 1; }
# shellcheck disable=SC2086
if ssh $options -i deploy "git@$host" id > answer 2>&1; then cat answer >&2; echo "the deploy key opens a shell" >&2; exit 1; fi
