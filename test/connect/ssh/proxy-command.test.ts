import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshHost, type SshHost } from '../../../src/connect/ssh/open.ts';
import { type Diagnostic, diagnosticsOf } from '../../../src/model/diagnostic.ts';
import type { HostTarget } from '../../../src/model/project.ts';
import { Secret } from '../../../src/model/secret.ts';
import { folderOf } from '../../rig/folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const program = join(import.meta.dirname, '../../rig/pipe-to-port.ts');

describe.skipIf(why !== null)(why ?? 'a host behind a ProxyCommand', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(async () => await server?.stop());

  async function open(proxy: string, more = ''): Promise<SshHost> {
    const home = folderOf('home');
    mkdirSync(join(home, '.ssh'));
    const known = readFileSync(join(server.home.home, '.ssh/known_hosts'), 'utf8');
    writeFileSync(join(home, '.ssh/known_hosts'), known);
    const lines = [`HostName 127.0.0.1`, `Port ${server.port}`, `IdentityFile ${server.key}`, `ProxyCommand ${proxy}`];
    writeFileSync(join(home, '.ssh/config'), `Host inner\n${lines.join('\n')}\n${more}`);
    const target: HostTarget = { kind: 'host', name: 'inner', connection: 'ssh', ssh: { user: userInfo().username } };
    return openSshHost(target, { acceptNew: false }, { home, env: {} });
  }

  const refusal = (opening: Promise<SshHost>): Promise<Diagnostic | undefined> =>
    opening.then(
      () => undefined,
      (error: unknown) => diagnosticsOf(error)[0],
    );
  const running = (mark: string): number =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(mark)).length;

  it('is reached through its streams, with quotes and tokens as in a shell, and the command ends with it', async () => {
    const mark = `mark-${process.pid}`;
    const host = await open(`${process.execPath} ${program} '%h' "%p" ${mark} %n %r %%`);
    const { stdout } = await host.writer.ask({ ask: 'run', argv: ['echo', 'hello'] });
    expect(stdout).toBe('hello\n');
    const args = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(args).toContain(`${mark} inner ${userInfo().username} %`);
    await host.close();
    await expect.poll(() => running(mark)).toBe(0);
  });

  it('carries much in both directions', async () => {
    const host = await open(`${process.execPath} ${program} %h %p`);
    const content = 'x'.repeat(3_000_000);
    const path = join(folderOf('much'), 'file');
    await host.writer.change({
      guards: [],
      operations: [{ do: 'put-file', path, content, mode: '0644', owner: 'root', group: 'root' }],
      readBack: [],
    });
    expect(readFileSync(path, 'utf8') === content).toBe(true);
    const { stdout } = await host.writer.ask({ ask: 'run', argv: ['cat', path] });
    expect(stdout === content).toBe(true);
    await host.close();
  });

  it('is unreachable when the command fails, with the command and what it said', async () => {
    const problem = await refusal(open(`sh -c 'echo "no route to the bastion" >&2; exit 7'`));
    expect(problem).toMatchObject({
      code: 'host-unreachable',
      summary: "inner can't be reached: its ProxyCommand ended with exit code 7",
    });
    expect(problem?.detail?.at(-1)).toBe('no route to the bastion');
    expect(problem?.detail?.[0]).toContain('exit 7');
  });

  it('is unreachable when the command is not there', async () => {
    const problem = await refusal(open('/no/such/program %h'));
    expect(problem).toMatchObject({ code: 'host-unreachable' });
    expect(problem?.detail?.join()).toContain('/no/such/program');
  });

  it('is refused for its key as any other host', async () => {
    const problem = await refusal(open(`${process.execPath} ${program} %h %p`, 'HostKeyAlias stranger\n'));
    expect(problem).toMatchObject({ code: 'host-key-unknown' });
  });

  it('is reached directly after ProxyCommand none', async () => {
    const host = await open('none');
    await host.close();
  });

  it('hands no secret of ours to the command', async () => {
    process.env.CANARY_OF_PROXY = 'canary-5d1f0e';
    new Secret('canary-5d1f0e');
    const seen = join(folderOf('seen'), 'environment');
    await refusal(open(`sh -c 'env >${seen}; exit 1'`));
    expect(readFileSync(seen, 'utf8')).toContain('PATH=');
    expect(readFileSync(seen, 'utf8')).not.toContain('canary-5d1f0e');
    delete process.env.CANARY_OF_PROXY;
  });
});
