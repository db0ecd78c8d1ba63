#!/bin/sh
# Provides Traefik as CACHE/images/traefik-VERSION.tar (docker.io/library/traefik:VERSION) and the Gateway API definitions that it reads
# as CACHE/manifests/gateway-api-VERSION.yaml: the published image where it can be pulled, else one built from the Go module.
# usage: traefik.sh CACHE
set -eu
# Where the archive of go.dev goes; sudo and a login by SSH leave that out of the path.
PATH=$PATH:/usr/local/go/bin
[ $# = 1 ] || { echo "usage: traefik.sh CACHE" >&2; exit 2; }
cache=$1 version=v3.5.0 gateway_api=v1.3.0
here=$(cd "$(dirname "$0")" && pwd)
image=docker.io/library/traefik:$version
out=$cache/images/traefik-$version.tar
definitions=$cache/manifests/gateway-api-$gateway_api.yaml
. "$here/container-engine.sh"
mkdir -p "$cache/images" "$cache/manifests" "$cache/bin"
work=$(mktemp -d "$cache/images/.traefik-XXXXXX")
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

module() { # PATH@VERSION: its folder
  go mod download "$1" && echo "$(go env GOMODCACHE)/$1"
}

build() {
  binary=$cache/bin/traefik-$version
  [ ! -x "$binary" ] || return 0
  echo "traefik $version: fetching the modules"
  cp -r "$(module "github.com/traefik/traefik/v3@$version")" "$work/traefik"
  lego=$(awk '$1 == "github.com/go-acme/lego/v4" { print $2; exit }' "$work/traefik/go.mod")
  cp -r "$(module "github.com/go-acme/lego/v4@$lego")" "$work/lego"
  chmod -R u+w "$work"
  # the module comes without its web pages, which the dashboard would show
  mkdir "$work/traefik/webui/static"
  echo 'The dashboard is not part of this build.' > "$work/traefik/webui/static/index.html"
  # certificates come from our own authority: the clients of a hundred DNS services stay out, and a good part of the build with them
  cat > "$work/lego/providers/dns/zz_gen_dns_providers.go" <<'GO'
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("this build has no DNS provider: %s", name)
}
GO
  cd "$work/traefik"
  go mod edit -replace "github.com/go-acme/lego/v4=$work/lego"
  echo "traefik $version: building, about three minutes"
  variables=github.com/traefik/traefik/v3/pkg/version
  CGO_ENABLED=0 GOFLAGS=-mod=mod go build -trimpath -buildvcs=false -ldflags "-s -w -X $variables.Version=$version -X $variables.Codename=cairn" \
    -o "$work/binary" ./cmd/traefik 2> "$work/log" || {
    grep -v '^go: downloading' "$work/log" | tail -20 >&2
    echo "traefik.sh: Traefik $version was not built, see above" >&2
    exit 1
  }
  mv "$work/binary" "$binary"
}

if [ ! -e "$definitions" ]; then
  echo "Gateway API $gateway_api: definitions"
  folder=$(module "sigs.k8s.io/gateway-api@$gateway_api")/config/crd/standard
  for file in "$folder"/gateway.networking.k8s.io_*.yaml; do echo ---; cat "$file"; done > "$work/definitions"
  mv "$work/definitions" "$definitions"
fi
[ ! -e "$out" ] || { echo "traefik $version is in the cache"; exit 0; }
echo "looking for the published image traefik:$version"
if timeout 300 "$engine" pull --quiet "$image" > "$work/pull.log" 2>&1; then
  "$engine" save --output "$work/out" "$image"
else
  echo "it can't be pulled ($(tail -n 1 "$work/pull.log" | sed 's|.*: ||')); building it"
  build
  root=$work/root
  mkdir -p "$root/usr/local/bin" "$root/etc" "$root/tmp"
  chmod 755 "$root" && chmod 1777 "$root/tmp"
  printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534::/:/sbin/nologin\n' > "$root/etc/passwd"
  cp "$cache/bin/traefik-$version" "$root/usr/local/bin/traefik"
  sh "$here/image-archive.sh" "$root" "$work/out" '{"Env":["PATH=/usr/local/bin"],"Entrypoint":["/usr/local/bin/traefik"]}' "$image"
fi
mv "$work/out" "$out"
echo "traefik $version: $(du -h "$out" | cut -f1)"
