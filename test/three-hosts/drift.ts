import type { HostName } from './rig.ts';

/** What somebody does to a host by hand, and the lines of the next plan that name it: verb, title, changed fields. */
export interface Drift {
  readonly on: HostName;
  readonly by: string;
  readonly named: string | readonly string[];
}

const settings = '/etc/greeter';

/** Of every type that the example has, but for those that have no state to drift. */
export const drifts: readonly Drift[] = [
  {
    on: 'db1',
    by: 'groupmod -g 4199 operators',
    named: [
      'update group operators: gid',
      'update directory /srv/shared/inbox: group',
      'update permissions in /etc/fleet.d: mine.local',
    ],
  },
  { on: 'web1', by: 'usermod -c Somebody ada', named: 'update user ada: comment' },
  {
    on: 'web2',
    by: "sed -i 's/^no-agent-forwarding //' /home/ada/.ssh/authorized_keys",
    named: 'update key ada@laptop of ada: options',
  },
  {
    on: 'web1',
    by: 'rm /etc/sudoers.d/operators',
    named: 'create file /etc/sudoers.d/operators: content,mode,owner,group',
  },
  {
    on: 'web2',
    by: "sed -i 's/^PasswordAuthentication no/PasswordAuthentication yes/' /etc/ssh/sshd_config",
    named: 'update line /^#?PasswordAuthentication\\b/ of /etc/ssh/sshd_config: line',
  },
  {
    on: 'db1',
    by: "sed -i 's/^  X11Forwarding no/  X11Forwarding yes/' /etc/ssh/sshd_config",
    named: 'update block operators of /etc/ssh/sshd_config: block',
  },
  {
    on: 'web1',
    by: "sed -i 's/200M/9G/' /etc/systemd/journald.conf",
    named: 'update Journal.SystemMaxUse of /etc/systemd/journald.conf: iniValue',
  },
  {
    on: 'web1',
    by: "sed -i '/db.internal/s/^[0-9.]*/10.0.0.1/' /etc/hosts",
    named: 'update hosts entry db.internal: address',
  },
  {
    on: 'db1',
    by: 'sysctl -q -w net.ipv4.conf.all.send_redirects=1',
    named: 'update kernel parameter net.ipv4.conf.all.send_redirects: value',
  },
  { on: 'web2', by: 'rm /etc/modules-load.d/overlay.conf', named: 'update kernel module overlay: boot' },
  { on: 'web1', by: 'chmod 755 /srv/shared/inbox', named: 'update directory /srv/shared/inbox: mode' },
  {
    on: 'web1',
    // It was there before: what is new would be given back, too.
    by: 'install -d -g operators /etc/fleet.d/old',
    named: 'remove undeclared directory /etc/fleet.d/old: kind',
  },
  {
    on: 'web2',
    by: 'sed -i \'s/= .*/= "nobody"/\' /etc/fleet.d/contact.toml',
    named: 'update contact.operator of /etc/fleet.d/contact.toml: tomlValue',
  },
  { on: 'web1', by: 'ln -sfn /var /root/shared', named: 'update link /root/shared: target' },
  {
    on: 'db1',
    by: "sed -i 's/^URIs:.*/URIs: file:\\/srv/' /etc/apt/sources.list.d/ours.sources",
    named: 'update apt repository ours: uri',
  },
  { on: 'db1', by: 'echo more >>/etc/motd', named: 'update file /etc/motd: content' },
  { on: 'web2', by: 'touch /etc/issue.net', named: 'remove file /etc/issue.net: kind' },
  { on: 'web1', by: 'systemctl stop tidy.timer', named: 'update service tidy.timer: state' },
  {
    on: 'web2',
    by: 'crontab -l | sed "s/0 7 /0 8 /" | crontab -',
    named: 'update cron job disks of root: schedule',
  },
  { on: 'db1', by: 'systemctl unmask -q systemd-networkd', named: 'create service systemd-networkd: state,boot' },
  {
    on: 'db1',
    by: 'umount /srv/store',
    // With what was in it.
    named: [
      'update mount /srv/store: mounted',
      'create command initialise-store: done',
      'create command data-to-keeper: done',
    ],
  },
  { on: 'db1', by: 'chown root /etc/store/password', named: 'update file /etc/store/password: owner' },
  {
    on: 'web1',
    by: 'rm /srv/site/1.0/index.html',
    named: 'create file /srv/site/1.0/index.html: content,mode,owner,group',
  },
  { on: 'web2', by: 'apt-mark auto greeter', named: 'update package greeter: mark' },
  {
    on: 'web1',
    by: `sed -i 's/title: .*/title: Theirs/' ${settings}/greeter.yaml`,
    named: 'update page.title of /etc/greeter/greeter.yaml: yamlValue',
  },
  {
    on: 'web2',
    by: `sed -i 's/warning/debug/' ${settings}/log.json`,
    named: 'update level of /etc/greeter/log.json: jsonValue',
  },
  { on: 'web2', by: 'systemctl stop greeter', named: 'update service greeter: state' },
];
