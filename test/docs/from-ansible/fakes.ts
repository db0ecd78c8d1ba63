import { FakeHost } from '../../../src/connect/fake/host.ts';
import type { FakeKube } from '../../../src/connect/fake/kube.ts';
import type { Http } from '../../../src/model/http.ts';
import type { StepInstance } from '../../../src/model/project.ts';
import { Effects, putFile } from '../../cases/runner/programs.ts';

const folders = [
  ...['/etc/nginx/conf.d', '/etc/ssh', '/etc/sudoers.d', '/etc/apt/sources.list.d', '/etc/sysctl.d'],
  ...['/etc/modules-load.d', '/etc/systemd/system', '/sys/module', '/srv', '/mnt', '/opt/tool'],
  ...['/var/spool/cron/crontabs', '/root/.ssh'],
];
const files = {
  '/etc/fstab': '# mine\n',
  '/etc/hosts': '127.0.0.1 localhost\n',
  '/etc/issue': 'Debian\n',
  '/proc/meminfo': 'MemTotal:        4015000 kB\n',
  '/proc/net/tcp': 'sl local rem st\n 0: 00000000:01BB 00000000:0000 0A\n',
  '/proc/self/mounts': 'rootfs / ext4 rw 0 0\n',
  '/proc/sys/net/ipv4/ip_forward': '0\n',
  '/run/ready': '',
};

/** A web server as the examples find it: folders, tables of the kernel, services and the programs that they start. */
export function openServer(instance: StepInstance): FakeHost {
  const host = new FakeHost();
  for (const path of folders) host.files.makeDirectories(path);
  for (const [path, text] of Object.entries(files)) putFile(host, path, text);
  // What others start with the system.
  host.boot.after = () => putFile(host, '/run/ready', '');
  for (const name of ['nginx', 'apache2']) host.services.set(name, { isActive: name === 'apache2', file: 'disabled' });
  for (const name of ['visudo', 'tool', 'curl', 'which']) host.commands.push({ argv: [name], run: () => undefined });
  const commit = 'c'.repeat(40);
  const app = { refs: { 'refs/tags/v1.2': commit }, commits: { [commit]: { 'app.py': '' } } };
  host.repositories.set('https://git.example.org/app', app);
  new Effects(host).learn(instance);
  host.packages.available.set('nginx', { version: '1.22.1-9' });
  host.packages.installed.set('telnet', { version: '0.17', auto: false });
  return host;
}

/** A namespace with the password of a database, both somebody else's. */
export function putDatabase(kube: FakeKube): void {
  const data = { password: Buffer.from('correct horse').toString('base64') };
  kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, 'kubectl', (empty) => empty);
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' } as const;
  kube.edit(secret, 'kubectl', (empty) => ({ ...empty, data }));
}

/** The site answers. */
export const everythingAnswers: Http = { send: () => Promise.resolve({ status: 200, headers: {}, body: 'hello' }) };
