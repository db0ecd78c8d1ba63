# A commit's way to the server and back, as somebody with the deploy key goes it; what a stranger meets. Leaves no branch behind.
branch=cairn-probe
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
