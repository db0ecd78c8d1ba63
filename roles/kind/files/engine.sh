#!/bin/sh
# Prints the container engine to use: docker where it really starts a privileged container, else podman.
# usage: engine.sh
set -eu

docker_starts_privileged() {
  command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1 || return 1
  image=localhost/cairn/empty:1
  docker image inspect $image >/dev/null 2>&1 || tar -cf - -T /dev/null | docker import - $image >/dev/null 2>&1 || return 1
  # an empty image with this machine's programs in it: nothing has to be pulled
  set --
  for folder in /bin /lib /lib64 /usr; do [ ! -d $folder ] || set -- "$@" -v "$folder:$folder:ro"; done
  timeout 60 docker run --rm --privileged --network none "$@" $image /bin/true >/dev/null 2>&1
}

podman_lacks() {
  [ "$(id -u)" = 0 ] || echo "root"
  for program in podman runc iptables; do command -v $program >/dev/null || echo "the package $program"; done
  for helper in netavark aardvark-dns; do [ -x /usr/lib/podman/$helper ] || [ -x /usr/libexec/podman/$helper ] || echo "the package $helper"; done
}

if docker_starts_privileged; then echo docker; exit 0; fi
lacks=$(podman_lacks | paste -sd, - | sed 's/,/, /g')
[ -z "$lacks" ] || { echo "engine.sh: Docker starts no privileged container here, and Podman needs $lacks" >&2; exit 1; }
echo podman
