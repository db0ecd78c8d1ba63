import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost } from '../../../src/connect/ssh/open.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const isWeak = /sha1|md5|cbc|umac-64|^ssh-rsa$|^ssh-dss$/;

// A cipher with authentication of its own uses no MAC.
const keywords = {
  kex: ['KexAlgorithms'],
  cipher: ['Ciphers'],
  mac: ['Ciphers=aes128-ctr', 'MACs'],
  'key-sig': ['HostKeyAlgorithms'],
} as const;

/** All that the OpenSSH of this machine has: `ssh -Q cipher`. */
function known(sort: string): readonly string[] {
  return spawnSync('ssh', ['-Q', sort], { encoding: 'utf8' }).stdout?.split('\n').filter(Boolean) ?? [];
}

describe.skipIf(why !== null)(why ?? 'a server that has one algorithm alone', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
    spawnSync('ssh-keygen', ['-q', '-t', 'dsa', '-N', '', '-f', join(server.folder, 'host_dsa')]);
  });
  afterAll(async () => await server?.stop());

  async function connect(sort: keyof typeof keywords, algorithm: string): Promise<string> {
    const [first, last = first] = keywords[sort];
    const key = algorithm === 'ssh-dss' ? [`HostKey=${join(server.folder, 'host_dsa')}`] : [];
    const options = [...key, ...(first === last ? [] : [first]), `${last}=${algorithm}`]
      .map((one) => `-o ${one}`)
      .join(' ');
    const command = `/usr/sbin/sshd -i -f ${join(server.folder, 'sshd_config')} ${options}`;
    writeFileSync(join(server.home.home, '.ssh/config'), `ProxyCommand ${command}\n`);
    try {
      const host = await openSshHost(server.target, { acceptNew: false }, server.home);
      await host.close();
      return 'connected';
    } catch (error) {
      return diagnosticsOf(error)[0]?.summary ?? '';
    }
  }

  const weak = (Object.keys(keywords) as (keyof typeof keywords)[]).flatMap((sort) =>
    known(sort)
      .filter((name) => isWeak.test(name))
      .map((name) => [sort, name] as const),
  );

  it.each(weak)('a weak one (%s %s) gets no connection', async (sort, algorithm) => {
    expect(await connect(sort, algorithm)).toContain('share no strong algorithm');
  });

  it('are tried in all sorts', () => {
    expect(weak.length).toBeGreaterThanOrEqual(15);
    expect(new Set(weak.map(([sort]) => sort)).size).toBe(4);
  });

  it.each([
    ['kex', 'curve25519-sha256'],
    ['kex', 'diffie-hellman-group16-sha512'],
    ['cipher', 'chacha20-poly1305@openssh.com'],
    ['cipher', 'aes256-ctr'],
    ['mac', 'hmac-sha2-512-etm@openssh.com'],
    ['key-sig', 'rsa-sha2-512'],
  ] as const)('a strong one (%s %s) gets one', async (sort, algorithm) => {
    expect(await connect(sort, algorithm)).toBe('connected');
  });
});
