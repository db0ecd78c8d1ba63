# Writes the newest image into the branch, as the manifests take it. Who pushes meanwhile is no hindrance.
# usage: HOST URL BRANCH IMAGE TAG CAUSE BUILDER
branch=$3 image=$4 tag=$5 cause=$6 builder=$7
file=manifests/image/kustomization.yaml
export GIT_AUTHOR_NAME=kaniko-builder GIT_AUTHOR_EMAIL=kaniko-builder@localhost
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
git init --quiet work
cd work
tries=0
while :; do
  git fetch --quiet --depth 1 "$url" "$branch"
  git checkout --quiet --force --detach FETCH_HEAD
  mkdir -p "$(dirname "$file")"
  {
    echo "# Written by the builder after each build, and by nobody else."
    echo "# builder: $builder"
    echo "apiVersion: kustomize.config.k8s.io/v1alpha1"
    echo "kind: Component"
    echo "images:"
    printf '  - name: %s\n    newName: %s\n    newTag: %s\n' "${image##*/}" "$image" "$tag"
  } > "$file"
  git add "$file"
  git diff --cached --quiet && exit 0
  git commit --quiet --message "Image $tag" --message "Built because of $cause."
  if git push --quiet "$url" "HEAD:refs/heads/$branch" 2> why; then break; fi
  tries=$((tries + 1))
  [ $tries -lt 5 ] || { cat why >&2; echo "$tag can't be pushed to branch $branch of $url" >&2; exit 1; }
done
echo "branch $branch has image $tag"
