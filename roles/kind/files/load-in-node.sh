# shellcheck shell=sh
# Run in the node by load-images.sh: loads the archive $1 of the cache's images. What it brings remembers the archive by its size and time;
# a tag that has moved to another archive since doesn't count.
archive=/opt/cairn/images/$1
in_k8s() { ctr --namespace k8s.io images "$@"; }
mark=$(stat -c %s-%.9Y "$archive")
tags=$(tar -xOf "$archive" manifest.json | sed -n 's/.*"RepoTags":\[\([^]]*\)\].*/\1/p' | tr ',' '\n' | tr -d '"' | sort -u)
[ -n "$tags" ] || { echo "$1 is not an image archive with a tag" >&2; exit 1; }
first=$(echo "$tags" | head -n 1)
there=$(in_k8s ls -q "labels.\"cairn.archive\"==$mark" | sort -u)
if [ "$(printf '%s\n%s\n' "$tags" "$there" | sort | uniq -d)" = "$tags" ]; then echo "$first is in the node"; exit 0; fi
echo "loading $first"
in_k8s import --all-platforms --digests --snapshotter=overlayfs "$archive" > /dev/null
for tag in $tags; do in_k8s label "$tag" "cairn.archive=$mark" > /dev/null; done
