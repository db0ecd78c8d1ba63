import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchFile } from '../../src/cli/fetch-file.ts';
import { FakeHost } from '../../src/connect/fake/host.ts';
import type { Answer, HostReader, Question } from '../../src/model/host.ts';
import { envOf } from '../project/rig.ts';
import { folderOf } from '../rig/folder.ts';
import { launcher } from '../rig/launcher.ts';
import { type Sshd, startSshd, whyNoSshd } from '../rig/sshd.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const why = whyNoSshd();
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(why !== null)(why ?? 'cairn fetch', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(async () => await server.stop());

  function project(): Checkout & { readonly there: (name: string) => string } {
    const checkout = checkoutOf('shop', [
      [
        'inventory/local/hosts.yaml',
        `all:
  vars: { ansible_host: 127.0.0.1, ansible_port: ${server.port}, ansible_user: root, ansible_ssh_private_key_file: ${server.key} }
  hosts: { web1: , web2: , far: { ansible_port: 1 } }
`,
      ],
    ]);
    mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
    mkdirSync(join(checkout.root, 'there'));
    return { ...checkout, there: (name) => join(checkout.root, 'there', name) };
  }
  const trust = '--accept-new-host-keys';

  it('brings the same bytes from every host, to a folder of its own that only its user can read', async () => {
    const { root, cairn, there } = project();
    const bytes = randomBytes(5 * 1024 * 1024 + 17);
    writeFileSync(there('large'), bytes, { mode: 0o600 });
    symlinkSync('large', there('link'));
    const { code, stdout, stderr } = await cairn(['fetch', 'web1,web2', there('link'), 'kept', trust]);
    expect(code, stderr).toBe(0);
    for (const host of ['web1', 'web2']) {
      const file = join(root, 'kept', host, there('link'));
      expect(stdout).toContain(`${host}  ${file}  5.0 MiB\n`);
      expect(sumOf(readFileSync(file))).toBe(sumOf(bytes));
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
      expect(readdirSync(dirname(file))).toEqual(['link']);
    }
    expect(stderr).toBe('2 hosts: 2 well\n');
  });

  it('leaves a file that is here already', async () => {
    const { root, cairn, there } = project();
    writeFileSync(there('motd'), 'hello\n');
    const fetch = ['fetch', 'web1', there('motd'), trust];
    await cairn(fetch);
    const file = join(root, 'web1', there('motd'));
    const { ino, ctimeMs } = statSync(file);
    expect(await cairn(fetch)).toMatchObject({ code: 0, stdout: `web1  ${file}  unchanged\n` });
    expect(statSync(file)).toMatchObject({ ino, ctimeMs });
    writeFileSync(there('motd'), 'good day\n');
    expect(await cairn(fetch)).toMatchObject({ code: 0, stdout: `web1  ${file}  9 B\n` });
    expect(readFileSync(file, 'utf8')).toBe('good day\n');
  });

  it('says what is no file and who gave none, makes nothing for those, and ends with 1', async () => {
    const { root, cairn, there } = project();
    const folder = await cairn(['fetch', 'web1', join(root, 'there'), trust]);
    expect([folder.code, folder.stderr]).toEqual([1, `web1: ${join(root, 'there')} is no file, but a directory\n`]);
    const { code, stderr } = await cairn(['fetch', 'web1,far', there('none'), 'kept', trust]);
    expect(code).toBe(1);
    expect(stderr).toContain(`web1: ${there('none')} is not there`);
    expect(stderr).toContain("far: unreachable: 127.0.0.1 port 1 can't be reached");
    expect(stderr).toContain('2 hosts: 0 well, 2 not');
    expect(existsSync(join(root, 'kept'))).toBe(false);
  });

  it('reads as whom the inventory says to become', async () => {
    const { root, cairn, there } = project();
    writeFileSync(there('secret'), 'hidden\n', { mode: 0o600 });
    for (const folder of [root, join(root, 'there')]) chmodSync(folder, 0o755);
    const become = '{ ansible_become: true, ansible_become_user: nobody, ansible_become_method: su }\n';
    writeFileSync(join(root, 'inventory/local/group_vars/all.yaml'), become);
    const { code, stderr } = await cairn(['fetch', 'web1', there('secret'), trust]);
    expect(stderr).toContain(`could not look at ${there('secret')}`);
    expect(stderr).toContain('Permission denied');
    expect(code).toBe(1);
  });

  it('leaves nothing half-written when it is stopped', async () => {
    const { root, there } = project();
    writeFileSync(there('large'), '');
    truncateSync(there('large'), 200 * 1024 * 1024);
    const words = [launcher, 'fetch', 'web1', there('large'), trust];
    const child = spawn(process.execPath, words, { cwd: root, env: envOf(root), stdio: 'ignore' });
    const gone = once(child, 'exit');
    const folder = dirname(join(root, 'web1', there('large')));
    const names = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
    await expect.poll(names, { interval: 20 }).toEqual([expect.stringMatching(/^\.large\./)]);
    child.kill('SIGINT');
    expect(await gone).toEqual([130, null]);
    expect(names()).toEqual([]);
  });

  it('gives an object a host with --json', async () => {
    const { root, cairn, there } = project();
    writeFileSync(there('motd'), 'hello\n');
    const { stdout } = await cairn(['fetch', 'web1', there('motd'), '--json', trust]);
    const file = join(root, 'web1', there('motd'));
    const answer = { file, bytes: 6, sha256: sumOf(Buffer.from('hello\n')), is: 'fetched' };
    expect(JSON.parse(stdout)).toMatchObject({ host: 'web1', is: 'answered', answer });
  });

  it('refuses a path that is none before anything is reached', async () => {
    const { cairn } = project();
    for (const path of ['etc/motd', '/etc/']) {
      const { code, stderr } = await cairn(['fetch', 'web1', path]);
      expect(stderr).toContain(`fetch needs the whole path of a file: /etc/motd, not ${path}`);
      expect(code).toBe(2);
    }
  });
});

describe('a file that is fetched', () => {
  /** A host whose log grows between two answers. */
  class Growing implements HostReader {
    readonly host = new FakeHost();

    async ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
      if (question.ask === 'piece') this.put('two\n');
      return await this.host.ask(question);
    }

    put(text: string): void {
      const owned = { mode: '0644', owner: 'root', group: 'root' };
      this.host.files.set('/etc/log', { kind: 'file', content: new TextEncoder().encode(text), ...owned });
    }
  }

  it('and changes meanwhile is not kept, and what was here before stays', async () => {
    const folder = folderOf('fetch');
    const file = join(folder, 'log');
    writeFileSync(file, 'before\n');
    const host = new Growing();
    host.put('one\n');
    const unfinished = new Set<string>();
    await expect(fetchFile(host, '/etc/log', { file, unfinished })).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect(readFileSync(file, 'utf8')).toBe('before\n');
    expect(readdirSync(folder)).toEqual(['log']);
    expect(unfinished.size).toBe(0);
  });
});
