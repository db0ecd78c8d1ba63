import { join } from 'node:path';
import { FakeHost } from '../../src/connect/fake/host.ts';
import { loadProject } from '../../src/project/load.ts';
import { World } from '../rig/world.ts';
import { root } from '../structure/sources.ts';
import { playbook, secrets } from './rig.ts';

const rootOwned = { owner: 'root', group: 'root' } as const;
const folders = [
  '/etc/sudoers.d',
  '/etc/ssh',
  '/etc/apt/sources.list.d',
  '/etc/systemd/system',
  '/etc/sysctl.d',
  '/etc/modules-load.d',
  '/sys/module/overlay',
  '/proc/sys/net/ipv4/conf/all',
  '/proc/self',
  '/srv',
  '/etc/fleet.d/old',
  '/var/spool/cron/crontabs',
];
const files = {
  '/etc/ssh/sshd_config': '#PermitRootLogin no\n#PasswordAuthentication yes\n',
  '/etc/systemd/journald.conf': '[Journal]\n#SystemMaxUse=\n',
  '/etc/hosts': '127.0.0.1 localhost\n10.9.8.7 db.internal store.internal # the old one\n',
  '/etc/fstab': '# mine\n',
  '/etc/motd': 'Welcome.\n',
  '/etc/fleet.d/old/settings': 'old\n',
  '/etc/fleet.d/mine.local': 'mine\n',
  '/etc/issue.net': 'Debian\n',
  '/proc/self/mounts': '',
  '/proc/sys/net/ipv4/conf/all/send_redirects': '1\n',
};

/** A host in memory, as a Debian is before the example comes to it. What must not happen twice is noted. */
function openFake(name: string, effects: string[]): FakeHost {
  const host = new FakeHost();
  const put = (path: string, text: string): void =>
    host.files.set(path, { kind: 'file', content: Buffer.from(text), mode: '0644', ...rootOwned });
  for (const folder of folders) host.files.makeDirectories(folder);
  for (const [path, text] of Object.entries(files)) put(path, text);
  host.services.set('systemd-networkd', { isActive: false, file: 'disabled' });
  host.packages.available.set('greeter', { version: '1.0' });
  host.beforeChange = ({ operations }) => {
    for (const operation of operations)
      if (operation.do === 'run' && operation.argv[1] === 'start') effects.push(`${name} ${operation.argv.join(' ')}`);
    if (!operations.some((operation) => operation.do === 'install-packages')) return;
    effects.push(`${name} installs`);
    host.files.makeDirectories('/etc/greeter');
    if (!host.files.get('/etc/greeter/greeter.yaml')) put('/etc/greeter/greeter.yaml', 'page:\n  title: Untitled\n');
    if (!host.files.get('/etc/greeter/log.json')) put('/etc/greeter/log.json', '{\n  "level": "debug"\n}\n');
  };
  addPrograms(host, put);
  return host;
}

function addPrograms({ commands }: FakeHost, put: (path: string, text: string) => void): void {
  const data = '/srv/store/data';
  const isDone = ({ files }: FakeHost): boolean => files.get(`${data}/owner`) !== undefined;
  commands.push(
    ...[['visudo'], ['/usr/sbin/sshd', '-t'], ['sh', '-n']].map((argv) => ({ argv, run: () => undefined })),
    { argv: ['sed', '-n'], run: () => ({ stdout: '1048576 kB\n' }) },
    // The port of the site, in hexadecimal, is listened to.
    { argv: ['cat', '/proc/net/tcp'], run: () => ({ stdout: ' 0: 00000000:1F90 00000000:0000 0A\n' }) },
    { argv: ['curl'], run: () => undefined },
    {
      argv: ['sh', '-eu'],
      run: (_, host) => {
        // What runs a second time would nest it.
        const at = host.files.get(data) ? `${data}/data.new` : data;
        host.files.makeDirectories(at);
        put(`${at}/VERSION`, '1\n');
        return undefined;
      },
    },
    {
      argv: ['rm', '-r'],
      run: (_, host) => {
        for (const name of host.files.list(data) ?? []) host.files.remove(`${data}/${name}`);
        host.files.remove(data);
        return undefined;
      },
    },
    {
      argv: ['sh', '-c', `test "$(stat -c %U ${data})" = keeper`],
      run: (_, host) => ({ status: isDone(host) ? 0 : 1 }),
    },
    {
      argv: ['chown', '-R'],
      run: ({ argv: [, , owner] }, host) => {
        if (owner === 'keeper:keeper') put(`${data}/owner`, 'keeper\n');
        else host.files.remove(`${data}/owner`);
        return undefined;
      },
    },
  );
}

/** The example in a world of fake hosts. */
export interface FakeSite {
  readonly world: World;
  readonly hosts: ReadonlyMap<string, FakeHost>;
  /** `web1 installs`, once for each time it happened. */
  readonly effects: readonly string[];
  /** What people would compare, host by host. */
  form(): unknown;
}

export async function openFakeSite(): Promise<FakeSite> {
  const folder = join(root, 'examples/three-hosts');
  const env = { HOME: '/nowhere', PATH: process.env.PATH ?? '', ...secrets, REPOSITORY_KEY: 'a key' };
  const { project, problems } = await loadProject({
    root: folder,
    cwd: folder,
    playbook,
    set: [],
    selection: { only: [], set: [] },
    env,
  });
  if (!project) throw new Error(problems.map(({ summary }) => summary).join('; '));
  const effects: string[] = [];
  const names = new Set(project.instances.map(({ target }) => target.name));
  const hosts = new Map([...names].map((name) => [name, openFake(name, effects)]));
  const world = new World(project.instances, { hosts });
  return {
    world,
    hosts,
    effects,
    form: () => Object.fromEntries([...hosts].map(([name, host]) => [name, formOf(host)])),
  };
}

// As on real hosts, what a removed user and a removed package leave by design is no matter here; an empty crontab is none.
function formOf(host: FakeHost): unknown {
  const { files, ...more } = host.snapshot() as { readonly files: Readonly<Record<string, unknown>> };
  const kept = Object.entries(files).filter(([path]) => !/^\/home|^\/etc\/greeter/.test(path));
  return { ...more, files: Object.fromEntries(kept) };
}
