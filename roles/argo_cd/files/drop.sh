# Takes a branch away.
branch=$3
if git ls-remote --exit-code "$url" "refs/heads/$branch" > /dev/null; then
  git init --quiet work
  git -C work push --quiet "$url" --delete "$branch"
fi
