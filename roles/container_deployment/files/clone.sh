# Puts image/ of a commit into the folder that the builder reads.
# usage: HOST URL BRANCH COMMIT
git clone --quiet --no-checkout --single-branch --branch "$3" "$url" work
git -C work --work-tree=/workspace checkout --quiet "$4" -- image
