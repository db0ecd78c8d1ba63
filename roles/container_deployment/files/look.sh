# Says whether image/ of a branch is what the newest image was built from, by the same builder, in files of the home: build (yes or no), tag,
# commit, built.
# A tag ends with the first digits of the tree it was built from.
# usage: HOST URL BRANCH FORCE BUILDER
branch=$3 force=$4 builder=$5
git clone --quiet --depth 1 --branch "$branch" "$url" work
cd work
tree=$(git rev-parse --quiet --verify HEAD:image) || { echo "branch $branch of $url has no folder image/" >&2; exit 1; }
tree=$(printf %.12s "$tree")
newest() { sed -n "s/^$1: *//p" manifests/image/kustomization.yaml 2> /dev/null || true; }
built=$(newest ' *newTag')
build=yes
case "$(newest '# builder') $built" in "$builder "*-"$tree") [ "$force" = yes ] || build=no ;; esac
say() { printf %s "$2" > "$HOME/$1"; }
say build $build
say built "$built"
say tag "$(date -u +%Y%m%d-%H%M%S)-$tree"
say commit "$(git rev-parse HEAD)"
echo "image/ is $tree, the newest image is ${built:-none}: build $build"
