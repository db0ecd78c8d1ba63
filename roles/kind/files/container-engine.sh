# shellcheck shell=sh disable=SC2154
# Sourced with $cache and $here set: names the container engine in $engine and gives Podman settings, storage and networks of our own.
# Storage is cache; what dies with a reboot lies in /run, whoever runs this: one machine has one such Podman, as it has one port 443.
engine=$(sh "$here/engine.sh") || exit 1
if [ "$engine" = podman ]; then
  podman_run=/run/cairn/podman
  other=$(sed -n 's/^graphroot = "\(.*\)"$/\1/p' $podman_run/storage.conf 2>/dev/null || true)
  if [ -n "$other" ] && [ "$other" != "$cache/podman" ]; then
    for pid in $(cat $podman_run/storage/overlay-containers/*/userdata/conmon.pid 2>/dev/null || true); do
      if kill -0 "$pid" 2>/dev/null; then
        echo "${0##*/}: a cluster of another cache runs on this machine, its storage is $other; take it down first" >&2
        exit 1
      fi
    done
    rm -rf $podman_run
  fi
  mkdir -p "$cache/podman" $podman_run/networks
  files=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
  # Podman lowers its own limit to what process numbers allow
  processes=$(awk '/^Max processes/ { limit = $4 } END { getline most < "/proc/sys/kernel/pid_max"; print (0 < limit + 0 && limit + 0 < most + 0) ? limit : most }' /proc/self/limits)
  sed "s|@FILES@|$files|g; s|@PROCESSES@|$processes|g; s|@RUN@|$podman_run|" "$here/containers.conf" > "$podman_run/containers.conf.$$"
  sed "s|@CACHE@|$cache|; s|@RUN@|$podman_run|" "$here/storage.conf" > "$podman_run/storage.conf.$$"
  for file in containers.conf storage.conf; do mv "$podman_run/$file.$$" "$podman_run/$file"; done
  export CONTAINERS_CONF="$podman_run/containers.conf" CONTAINERS_STORAGE_CONF="$podman_run/storage.conf"
  export CONTAINERS_REGISTRIES_CONF="$here/registries.conf" KIND_EXPERIMENTAL_PROVIDER=podman
fi
