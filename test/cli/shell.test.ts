import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envOf } from '../project/rig.ts';
import { launcher } from '../rig/launcher.ts';
import { type Sshd, startSshd, whyNoSshd } from '../rig/sshd.ts';
import { type Checkout, checkoutOf } from './rig.ts';
import { atTerminal, hasTerminals, type Screened, type Typed } from './terminal.ts';

const why = whyNoSshd() ?? (hasTerminals ? null : 'skipped: the program script is not installed');

describe.skipIf(why !== null)(why ?? 'cairn shell', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(async () => await server.stop());

  const hosts = (): string => `all:
  vars: { ansible_host: 127.0.0.1, ansible_port: ${server.port}, ansible_user: root, ansible_ssh_private_key_file: ${server.key} }
  hosts: { web1: , web2: , far: { ansible_port: 1 }, here: { ansible_connection: local } }
`;

  function checkout(): Checkout {
    const made = checkoutOf('shop', [['inventory/local/hosts.yaml', hosts()]]);
    mkdirSync(join(made.root, 'home/.ssh'), { recursive: true });
    return made;
  }

  async function atShell(words: string, typed: readonly Typed[], more = ''): Promise<Screened> {
    const { root } = checkout();
    const line = `${more} ${process.execPath} ${launcher} shell ${words}`;
    return await atTerminal(line, { cwd: root, env: { ...envOf(root), TERM: 'vt100' }, typed });
  }
  const trusting = (host: string): string => `${host} --accept-new-host-keys`;

  it('is a login with a terminal of this one’s kind and size, and ends with what the shell ended with', async () => {
    const type = 'echo "<$TERM> <$(stty size)> <$SSH_CONNECTION>"; exit 7\r';
    const { code, text } = await atShell(trusting('web1'), [{ after: /[#$] $/, type }]);
    expect(text).toMatch(/<vt100> <30 100> <127\.0\.0\.1 /);
    expect(code).toBe(7);
  });

  it('shows all of what is printed last, however much it is', async () => {
    const { text } = await atShell(trusting('web1'), [{ after: /[#$] $/, type: 'seq 100000; exit\r' }]);
    expect(text.match(/^\d+\r?$/gm)?.length).toBe(100_000);
    expect(text).toContain('\n100000\r\n');
  });

  it('takes all of what is pasted', async () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `line ${at} of what somebody pastes`).join('\r');
    const { text } = await atShell(trusting('web1'), [
      { after: /[#$] $/, type: "stty -echo; echo rea'dy'; sed '/^end$/q' | wc -lc; exit\r" },
      { after: /ready\r\n/, type: `${lines}\rend\r` },
    ]);
    expect(text).toContain(`2001   ${lines.length + 1 + 4}`);
  });

  it('passes Ctrl-C on to what runs there, and stays', async () => {
    const { code, text } = await atShell(trusting('web1'), [
      { after: /[#$] $/, type: 'echo be"gun"; sleep 300\r' },
      { after: /begun/, type: '\u0003' },
      { after: /\^C[\s\S]*[#$] $/, type: 'echo st"ill" here; exit 0\r' },
    ]);
    expect(text).toContain('still here');
    expect(code).toBe(0);
  });

  it('tells the host when the window changes', async () => {
    const { text } = await atShell(
      trusting('web1'),
      [{ after: /[#$] $/, type: 'until [ "$(stty size)" = "50 120" ]; do sleep 0.1; done; echo gr"own"; exit\r' }],
      '(sleep 2; stty rows 50 cols 120 </dev/tty) &',
    );
    expect(text).toContain('grown');
  });

  it('says what a shell that was killed ended with', async () => {
    const { code } = await atShell(trusting('web1'), [{ after: /[#$] $/, type: 'kill -KILL $$\r' }]);
    expect(code).toBe(137);
  });

  it('gives the terminal back as it was', async () => {
    const { root } = checkout();
    const line = `stty -a >before; ${process.execPath} ${launcher} shell ${trusting('web1')}; stty -a >after; cmp before after`;
    const typed = [{ after: /[#$] $/, type: 'exit\r' }];
    expect(await atTerminal(line, { cwd: root, env: envOf(root), typed })).toMatchObject({ code: 0 });
  });

  it('opens a login shell of this machine for a host that is this machine', async () => {
    const { code, text } = await atShell('here', [{ after: /[#$] $/, type: 'echo "<$(stty size)>"; exit 9\r' }]);
    expect(text).toContain('<30 100>');
    expect(code).toBe(9);
  });

  it('refuses a host whose key nobody knows, and one that does not answer, with 255', async () => {
    const stranger = await atShell('web1', []);
    expect(stranger.text).toContain('web1: the key of web1');
    expect(stranger.text).toContain('--accept-new-host-keys');
    expect(stranger.code).toBe(255);
    const far = await atShell('far', []);
    expect(far.text).toContain("127.0.0.1 port 1 can't be reached by SSH");
    expect(far.code).toBe(255);
  });

  it('ends with 255 when the connection breaks', async () => {
    const { code, text } = await atShell(trusting('web1'), [
      { after: /[#$] $/, type: 'kill -KILL $(ps -o ppid= -p $$)\r' },
    ]);
    expect(text).toContain('the connection to web1 broke');
    expect(code).toBe(255);
  });

  it('wants one host and a terminal, and says what to do without', async () => {
    const { code, text } = await atShell('web1,web2', []);
    expect(text).toContain('"web1,web2" means 2 hosts, and a shell is on one');
    expect(code).toBe(2);
    const piped = await checkout().cairn(['shell', 'web1']);
    expect(piped.stderr).toContain('cairn shell needs a terminal to type at');
    expect(piped.stderr).toContain('cairn exec web1 -- COMMAND');
    expect(piped.code).toBe(2);
  });
});
