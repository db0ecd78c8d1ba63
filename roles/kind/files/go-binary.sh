#!/bin/sh
# Builds one line of binaries.txt into CACHE/bin/NAME-VERSION.
# usage: go-binary.sh CACHE NAME
set -eu
[ $# = 2 ] || { echo "usage: go-binary.sh CACHE NAME" >&2; exit 2; }
cache=$1 name=$2
here=$(cd "$(dirname "$0")" && pwd)
line=$(grep "^$name " "$here/binaries.txt") || { echo "go-binary.sh: $here/binaries.txt has no line for $name" >&2; exit 2; }
# shellcheck disable=SC2086 # the line is split into its four columns
set -- $line
version=$2 module=${3%@*} release=${3#*@} package=$4
out=$cache/bin/$name-$version
[ ! -x "$out" ] || { echo "$name $version is in the cache"; exit 0; }
# Where the archive of go.dev goes; sudo and a login by SSH leave that out of the path.
PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null || { echo "go-binary.sh: Go is missing; install it from https://go.dev/dl to /usr/local/go, or where root finds it in its path, and run this again" >&2; exit 1; }

mkdir -p "$cache/bin"
work=$(mktemp -d "$cache/bin/.build-XXXXXX")
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cd "$work"

flags="-s -w"

# Kubernetes calls its own libraries "v0.0.0" and replaces them by folders; a module outside must say which release they are.
require_kubernetes() {
  echo "$name $version: fetching the module"
  go mod download "$module@$release"
  sed -n 's|^[[:space:]]*\(k8s.io/[a-z0-9-]*\) v0\.0\.0$|\1|p' "$(go env GOMODCACHE)/cache/download/k8s.io/kubernetes/@v/$release.mod" |
    sed "s|.*|replace & => & v0.${release#v1.}|" >> go.mod
  minor=${release#v1.}
  minor=${minor%.*}
  for variables in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags="$flags -X $variables.gitVersion=$release -X $variables.gitMajor=1 -X $variables.gitMinor=$minor -X $variables.gitTreeState=clean"
  done
}

# Argo replaces libraries by others, which only its own module can say; in a copy of it a missing file can be put beside the others.
copy_module() {
  echo "$name $version: fetching the module"
  cp -r "$(go mod download -json "$module@$release" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')" module
  chmod -R u+w module
  cd module
  signals=workflow/executor/os-specific/signal
  if [ -e ${signals}_darwin.go ] && [ ! -e ${signals}_linux.go ]; then cp ${signals}_darwin.go ${signals}_linux.go; fi
}

printf 'module build\n\ngo 1.24.0\n' > go.mod
[ "$module" = - ] || printf '\nrequire %s %s\n' "$module" "$release" >> go.mod
case $package in
  ./*) cp "$here/$package"/*.go . && target=build ;;
  .) target=$module ;;
  *) target=$module/$package ;;
esac
case $module in
  k8s.io/kubernetes) require_kubernetes ;;
  github.com/argoproj/*) copy_module ;;
esac
echo "$name $version: building"
CGO_ENABLED=0 GOFLAGS=-mod=mod go build -trimpath -buildvcs=false -ldflags "$flags" -o "$work/out" "$target" 2> "$work/log" || {
  grep -v '^go: downloading' "$work/log" | tail -20 >&2
  echo "go-binary.sh: $name $version was not built, see above" >&2
  exit 1
}
chmod 755 "$work/out"
mv "$work/out" "$out"
echo "$name $version: built"
