#!/bin/sh
# boot.sh NAME ROOT KEY CGROUP: a machine of its own over the Debian in ROOT, with systemd as its first process.
# Everything it writes is in memory and in its own namespaces: when this process ends, nothing of it is left.
# It may be restarted from inside: its disk and its address outlive that, its processes, /run and the id of its boot don't.
set -e
name=$1 lower=$2 key=$3 cgroup=$4
# A cgroup of its own, under whichever hierarchies this machine has.
for top in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$top/cgroup.procs" ] || continue
  mkdir -p "$top/$cgroup"
  echo $$ >"$top/$cgroup/cgroup.procs"
done
boot='
  cd /mnt/root
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
  else
    mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
    mkdir sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
  fi
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o mode=755 tmpfs dev
  for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"
  done
  mknod -m 666 dev/tty c 5 0
  mkdir dev/pts dev/shm old
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  mount -t tmpfs -o mode=1777 tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  cat /proc/sys/kernel/random/uuid >dev/boot-id
  mount --bind dev/boot-id proc/sys/kernel/random/boot_id
  pivot_root . old
  umount -l /old
  rmdir /old
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other /lib/systemd/systemd
'
export name lower key boot
# Also when the test's process is killed. The kernel ends a first process that restarts by SIGHUP.
exec setpriv --pdeathsig KILL unshare --mount --net --uts --ipc --cgroup --propagation private sh -ec '
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
  hostname "$name"
  echo "$name" >/mnt/root/etc/hostname
  mkdir -m 700 -p /mnt/root/root/.ssh
  echo "$key" >/mnt/root/root/.ssh/authorized_keys
  ip link set lo up
  status=129
  while [ "$status" = 129 ]; do
    status=0
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private sh -ec "$boot" || status=$?
  done
  exit "$status"
'
