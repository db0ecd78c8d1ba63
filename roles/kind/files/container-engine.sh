# shellcheck shell=sh disable=SC2154
# Sourced with $cache and $here set: names the container engine in $engine and gives Podman settings, storage and networks of our own.
# Podman's folders never depend on who runs this: storage is cache, what dies with a reboot lies in /run.
engine=$(sh "$here/engine.sh") || exit 1
if [ "$engine" = podman ]; then
  podman_run=/run/cairn/podman
  mkdir -p "$cache/podman" "$podman_run/networks"
  files=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
  # Podman lowers its own limit to what process numbers allow
  processes=$(awk '/^Max processes/ { limit = $4 } END { getline most < "/proc/sys/kernel/pid_max"; print (0 < limit + 0 && limit + 0 < most + 0) ? limit : most }' /proc/self/limits)
  sed "s|@FILES@|$files|g; s|@PROCESSES@|$processes|g; s|@RUN@|$podman_run|" "$here/containers.conf" > "$podman_run/containers.conf.$$"
  sed "s|@CACHE@|$cache|; s|@RUN@|$podman_run|" "$here/storage.conf" > "$podman_run/storage.conf.$$"
  for file in containers.conf storage.conf; do mv "$podman_run/$file.$$" "$podman_run/$file"; done
  export CONTAINERS_CONF="$podman_run/containers.conf" CONTAINERS_STORAGE_CONF="$podman_run/storage.conf"
  export CONTAINERS_REGISTRIES_CONF="$here/registries.conf" KIND_EXPERIMENTAL_PROVIDER=podman
fi
