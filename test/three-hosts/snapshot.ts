import type { Machine } from '../rig/machine/machine.ts';

/** What a host's own programs write by themselves, what has a normal form of its own, and what undo leaves by design. */
const leftOut = `
/proc /sys /dev /run
/var/log /var/lib/systemd/timers /var/lib/systemd/random-seed /var/lib/private
/var/lib/dpkg /var/lib/apt /var/cache
/etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid /etc/.pwd.lock
/etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
/var/spool/cron/crontabs
/home/ada
/etc/greeter
`;
// Of these, in order: no disk; what happened and when; packages, accounts and jobs, compared below as lists; the home of a
// removed user stays (docs/accounts.md), and so do the settings of a removed package, as apt leaves them (docs/packages.md).

const prune = [...leftOut.trim().split(/\s+/), "'*/systemd-private-*'"].map((path) => `-path ${path}`).join(' -o ');

// A group without a password is marked by * or by !. Units of sessions come and go with who signs in.
const normal = `
dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n' | grep ' ii' | sort
apt-mark showauto | sort
for table in passwd group subuid subgid; do sort "/etc/$table"; done
sort /etc/gshadow | sed 's/:\\*:/:!:/'
# A password is dated by the day on which it is set.
cut -d: -f1,2,4- /etc/shadow | sort
for user in $(ls /var/spool/cron/crontabs); do echo "jobs of $user"; crontab -u "$user" -l; done
systemctl list-unit-files --no-legend --no-pager | grep -v ' generated ' | sort
systemctl list-units --all --plain --no-legend --no-pager --type=service,timer,mount | awk '{print $1, $2, $3}' |
  grep -Ev 'not-found|^(user|user-runtime-dir)@|^run-user|deactivating' | sort
sysctl -n net.ipv4.conf.all.send_redirects
lsmod | awk '{print $1}' | sort
`;

/** Everything that undo must give back: bytes, modes, owners, links, absence, and what has a normal form. */
export async function formOf(machine: Machine): Promise<readonly string[]> {
  const found = await machine.sh(`
find / \\( ${prune} \\) -prune -o -printf '%p %y %m %u %g %l\\n' | sort
find / \\( ${prune} \\) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
${normal}`);
  return found.split('\n');
}

/** What nothing but a write changes: inode, and times of content and of attributes, of every path. */
export async function timesOf(machine: Machine): Promise<readonly string[]> {
  const still = '-path /proc -o -path /sys -o -path /dev -o -path /run -o -path /var/log';
  const found = await machine.sh(`find / \\( ${still} \\) -prune -o -printf '%p %i %T@ %C@\\n' | sort`);
  return found.split('\n');
}

/** Programs that run, without those that look; systemd keeps its own of a session for ten seconds. */
export async function processesOf(machine: Machine): Promise<readonly string[]> {
  const found = await machine.sh('ps -eo ppid=,args=');
  return found
    .split('\n')
    .filter(
      (line) =>
        line !== '' &&
        !/^\s*0 /.test(line) &&
        !/\[.*\]$|\(sd-pam\)$|systemd --user$|systemd-user-runtime-dir/.test(line),
    )
    .map((line) => line.trim().replace(/^\d+\s+/, ''))
    .sort();
}

/** Lines of one that the other lacks, both ways, for messages. */
export function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
