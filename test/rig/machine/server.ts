import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Machine } from './machine.ts';

/**
 * Gives a machine what somebody's server has and it lacks: disk that containers may lie on, cgroups, devices, a way out to the
 * mirrors of packages by this machine's settings, and a user with sudo.
 * @param user may become root unasked, and signs in with the key that root's login takes
 * @returns closes the way out again
 */
export async function makeServer({ ours, address, bring, sh }: Machine, user: string): Promise<() => void> {
  const rule = ['POSTROUTING', '-s', `${address}/32`, '-j', 'MASQUERADE'];
  execFileSync('iptables', ['-w', '-t', 'nat', '-A', ...rule]);
  const close = (): void => void execFileSync('iptables', ['-w', '-t', 'nat', '-D', ...rule]);
  try {
    await sh(`ip route add default via ${ours}\n${disk}\n${cgroups}\n${devices}`);
    await sh(`
useradd --create-home --shell /bin/bash ${user}
mkdir -m 700 /home/${user}/.ssh
cp /root/.ssh/authorized_keys /home/${user}/.ssh/
chown -R ${user}: /home/${user}/.ssh
echo '${user} ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/${user}
rm -f /etc/apt/sources.list`);
    for (const [path, to] of settings) if (existsSync(path)) await bring(path, to);
  } catch (error) {
    close();
    throw error;
  }
  return close;
}

// No overlay lies on another one: what Podman unpacks needs a file system of its own.
const disk = 'mkdir -p /var/cache/cairn; mount -t tmpfs -o size=14g,mode=755 tmpfs /var/cache/cairn';

// systemd mounts those together that belong together on other kernels.
const cgroups = `
if [ ! -e /sys/fs/cgroup/cgroup.procs ]; then
  mount -o remount,rw /sys/fs/cgroup
  cd /sys/fs/cgroup
  for pair in cpu,cpuacct net_cls,net_prio; do
    if [ -d $pair ]; then umount $pair 2>/dev/null || true; rmdir $pair; rm -f \${pair%,*} \${pair#*,}; fi
  done
  for name in cpu cpuacct cpuset memory devices freezer blkio pids; do
    grep -q " /sys/fs/cgroup/$name " /proc/self/mounts || { mkdir -p $name; mount -t cgroup -o $name cgroup $name; }
  done
fi`;

const devices = `
mkdir -p /dev/net
mknod -m 600 /dev/kmsg c 1 11
mknod -m 666 /dev/fuse c 10 229
mknod -m 666 /dev/net/tun c 10 200`;

const settings = [
  ['/etc/resolv.conf', '/etc/resolv.conf'],
  ['/etc/apt/sources.list', '/etc/apt/'],
  ['/etc/apt/sources.list.d', '/etc/apt/'],
  ['/etc/apt/apt.conf.d', '/etc/apt/'],
  ['/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/certs/'],
] as const;
