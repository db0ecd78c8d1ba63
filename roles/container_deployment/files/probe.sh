# Puts a file into image/ of a branch, or takes it away, as a person would.
# usage: HOST URL BRANCH put|take
branch=$3 what=$4
file=image/cairn-probe
git clone --quiet --depth 1 --branch "$branch" "$url" work
cd work
if [ "$what" = put ]; then date > $file; else rm -f $file; fi
git add --all image
git diff --cached --quiet || git commit --quiet --message "Cairn's probe of a rebuild: $what"
git push --quiet "$url" "HEAD:refs/heads/$branch"
