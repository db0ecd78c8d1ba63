import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { testRoots } from '../test-roots.ts';

const packages = [
  'systemd-sysv',
  'dbus',
  'libpam-systemd',
  'openssh-server',
  'iproute2',
  'sudo',
  'cron',
  'kmod',
  'procps',
  'busybox',
  'wget',
  'ca-certificates',
];

/** What a machine does by itself would be taken for our doing. */
const quiet = `
systemctl mask -q apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  systemd-tmpfiles-clean.timer getty@.service console-getty.service 2>/dev/null || true
rm -f /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\\nUseDNS no\\n' >/etc/ssh/sshd_config.d/machine.conf
: >/etc/machine-id
`;

const recipe = createHash('sha256')
  .update(JSON.stringify([packages, quiet]))
  .digest('hex')
  .slice(0, 12);
/** The system that machines lie over, unpacked once. */
export const machineRoot = join(testRoots, `machine-${recipe}`);

/** Why there are no machines here, or null. */
export function whyNoMachines(): string | null {
  if (process.getuid?.() !== 0) return 'skipped: machines of the tests need root';
  const mayTakeItsTime = process.env.CI === 'true' || process.env.CAIRN_TEST_HOST === '1';
  if (existsSync(machineRoot) || mayTakeItsTime) return null;
  return 'skipped: no Debian is unpacked for machines; CAIRN_TEST_HOST=1 does it, which takes half a minute';
}

/** Unpacks the system if it isn't there. */
export function unpackMachine(): void {
  if (existsSync(machineRoot)) return;
  const fresh = `${machineRoot}.${process.pid}`;
  mkdirSync(join(machineRoot, '..'), { recursive: true });
  execFileSync('mmdebstrap', ['--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', fresh], {
    stdio: 'ignore',
  });
  execFileSync('chroot', [fresh, 'sh', '-ec', quiet]);
  try {
    renameSync(fresh, machineRoot);
  } catch {
    // Another worker was faster.
    rmSync(fresh, { recursive: true, force: true });
  }
}
