import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algorithmsFor } from '../../../src/connect/ssh/algorithms.ts';
import { wordsOf } from '../../../src/connect/ssh/config/lines.ts';
import { readConfig } from '../../../src/connect/ssh/config/read.ts';
import { settingsOf } from '../../../src/connect/ssh/settings.ts';
import { diagnosticsOf } from '../../../src/model/diagnostic.ts';
import { folderOf } from '../../rig/folder.ts';

interface Case {
  readonly it: string;
  readonly config: string;
  /** More files beside the first one. */
  readonly files?: Readonly<Record<string, string>>;
  readonly alias?: string;
  readonly user?: string;
}

const cases: readonly Case[] = [
  { it: 'nothing', config: '' },
  { it: 'the first value of two', config: 'Host web\n User a\nHost *\n User b\n Port 2\n' },
  { it: 'keywords in any case, the first of two spellings', config: 'hostname first\nHostName second\n' },
  { it: 'values after an equals sign', config: 'Port=2222\nUser = me\n' },
  { it: 'values in quotes', config: 'User "some one"\nIdentityFile "/keys/of me"\n' },
  { it: 'comments at the end of a line', config: 'User me # not you\nPort 22 #x\n' },
  { it: 'tabs and spaces before and after', config: '\t User\tme  \n  Port   77\t\n' },
  { it: 'a file with carriage returns', config: 'User me\r\nPort 77\r\n' },
  { it: 'a name that begins otherwise', config: 'Host web?\n User a\nHost web*\n User b\n' },
  { it: 'a name that is ruled out', config: 'Host * !web\n User a\nHost !other *\n Port 5\n' },
  { it: 'only a name that is ruled out', config: 'Host !other\n User a\n' },
  { it: 'two names in a line', config: 'Host db web\n User a\n' },
  { it: 'a name in capitals', config: 'Host WEB\n User a\n' },
  { it: 'the token of HostName', config: 'Host web\n HostName %h.example.org\n' },
  { it: 'several key files, in order', config: 'IdentityFile /a\nHost web\nIdentityFile /b\nIdentityFile /a\n' },
  { it: 'a command with quotes, as written', config: `ProxyCommand sh -c "exec nc '%h'  %p" # all of it\n` },
  { it: 'a command before a jump', config: 'ProxyCommand nc %h %p\nProxyJump bastion\n' },
  { it: 'a jump before a command', config: 'ProxyJump me@bastion:2222\nProxyCommand nc %h %p\n' },
  { it: 'Match all', config: 'Match all\n User a\n' },
  { it: 'Match host', config: 'Match host web\n User a\nMatch host other\n Port 9\n' },
  { it: 'Match host of the name behind an alias', config: 'Host web\n HostName web.org\nMatch host *.org\n User a\n' },
  { it: 'Match originalhost', config: 'HostName web.org\nMatch originalhost web\n User a\nMatch host web\n Port 9\n' },
  { it: 'Match with a list', config: 'Match host db,web\n User a\nMatch host *,!web\n Port 9\n' },
  { it: 'Match user', config: 'Match user deploy\n Port 9\n', user: 'deploy' },
  { it: 'Match user that a line before it set', config: 'User deploy\nMatch user deploy\n Port 9\n' },
  { it: 'Match localuser', config: 'Match localuser root\n Port 9\nMatch localuser nobody\n User a\n' },
  { it: 'Match that is negated', config: 'Match !host other\n User a\nMatch host web !user root\n Port 9\n' },
  {
    it: 'Match of two criteria',
    config: 'Match host web user nobody\n User a\nMatch host web originalhost w*\n Port 9\n',
  },
  { it: 'Match exec', config: 'Match exec "test %h = web"\n User a\nMatch exec false\n Port 9\n' },
  { it: 'Match exec after what does not hold', config: 'Match host other exec "touch /ran"\n User a\n' },
  { it: 'Match final', config: 'Match final host web.org\n User a\nHost web\n HostName web.org\n' },
  { it: 'Match canonical', config: 'Match canonical all\n User a\n' },
  { it: 'an included file', config: 'Include FOLDER/more\nUser b\n', files: { more: 'User a\nPort 9\n' } },
  {
    it: 'several included files, by a pattern, in order',
    config: 'Include FOLDER/d/[0-9]*.conf\n',
    files: { 'd/20.conf': 'User b\n', 'd/10.conf': 'User a\n', 'd/x.conf': 'Port 9\n', 'd/.1.conf': 'Port 8\n' },
  },
  { it: 'an included file that is not there', config: 'Include FOLDER/none FOLDER/no*\nUser a\n' },
  {
    it: 'an included file inside a block',
    config: 'Host other\n Include FOLDER/more\nHost web\n Include FOLDER/more2\n Port 7\n',
    files: { more: 'User a\nHost web\n Port 9\n', more2: 'Host db\n User c\nHost web\n User d\n' },
  },
  {
    it: 'two files in one Include, one in quotes',
    config: 'Include FOLDER/a "FOLDER/b c"\n',
    files: { a: 'User a\n', 'b c': 'Port 9\n' },
  },
];

function homeWith(config: string, files: Readonly<Record<string, string>> = {}): string {
  const home = folderOf('home');
  const folder = join(home, '.ssh');
  for (const [name, content] of Object.entries({ ...files, config })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content.replaceAll('FOLDER', folder));
  }
  return home;
}

const hasSsh = existsSync('/usr/bin/ssh');

describe.skipIf(!hasSsh)('~/.ssh/config is understood as ssh itself understands it', () => {
  it.each(cases)('$it', async ({ config, files, alias = 'web', user }) => {
    const home = homeWith(config, files);
    const asked = user === undefined ? [] : ['-l', user];
    const said = execFileSync('ssh', ['-G', '-F', join(home, '.ssh/config'), ...asked, alias], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const bySsh = (keyword: string): readonly string[] =>
      said
        .split('\n')
        .filter((line) => line.startsWith(`${keyword} `))
        .map((line) => line.slice(keyword.length + 1));
    const found = await readConfig({ alias, user, port: undefined, home, env: process.env }, '/dev/null');
    const settings = await settingsOf(alias, user === undefined ? {} : { user }, { home, env: {} });
    expect({ host: settings.host, user: settings.user, port: String(settings.port) }).toEqual({
      host: bySsh('hostname')[0],
      user: bySsh('user')[0],
      port: bySsh('port')[0],
    });
    for (const keyword of ['identityfile', 'proxycommand', 'proxyjump', 'hostkeyalias']) {
      const ours = found.lines(keyword);
      const words = ours.map((line) => (keyword === 'proxycommand' ? line.text : wordsOf(line).join(' ')));
      if (ours.length > 0 || keyword.startsWith('proxy'))
        expect([keyword, ...words]).toEqual([keyword, ...bySsh(keyword)]);
    }
  });
});

describe('what ~/.ssh/config says and Cairn does not do', () => {
  const settings = (config: string, files?: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) =>
    settingsOf('web', {}, { home: homeWith(config, files), env });
  const problem = (config: string, files?: Readonly<Record<string, string>>) =>
    settings(config, files).then(
      () => undefined,
      (error: unknown) => diagnosticsOf(error)[0],
    );

  it.each([
    ['CanonicalizeHostname yes', 'HostName'],
    ['RevokedHostKeys /etc/ssh/revoked', '@revoked'],
    ['BindInterface eth1', 'BindAddress'],
    ['ProxyUseFdpass yes', 'streams'],
    ['Match tagged home', '"tagged" is not understood'],
    ['Match host', 'needs a value'],
    ['Port ssh', 'no number'],
    ['ConnectTimeout soon', 'no number'],
    ['User "me', 'a quote stays open'],
    ['HostName %q.example.org', '%q is not understood'],
    ['IdentityFile ~/.ssh/%T', '%T is not understood'],
    ['IdentityFile ${NO_SUCH_VARIABLE}/id', 'NO_SUCH_VARIABLE is not set'],
    ['Ciphers aes256-cbc', 'no algorithm that is strong enough'],
  ])('is refused, with its place and the way out: %s', async (line, says) => {
    const found = await problem(`# mine\n${line}\n`);
    expect(found).toMatchObject({ code: 'ssh-config', summary: expect.stringContaining('.ssh/config:2: ') });
    expect(`${found?.summary} ${found?.help}`).toContain(says);
  });

  it('is refused where others may write the file, since it runs programs', async () => {
    const home = homeWith('User me\n');
    chmodSync(join(home, '.ssh/config'), 0o666);
    await expect(settingsOf('web', {}, { home, env: {} })).rejects.toMatchObject({ code: 'ssh-config' });
  });

  it('ends where files include each other', async () => {
    expect(await problem('Include FOLDER/config\n')).toMatchObject({ summary: expect.stringContaining('include') });
  });

  it('is followed for tokens, variables, times, families and what narrows algorithms', async () => {
    const found = await settings(
      [
        'HostName web.example.org',
        'User deploy',
        'Port 2222',
        'IdentityFile ~/.ssh/%r@%h-%p',
        'IdentityFile ${KEYS}/id',
        'CertificateFile %d/cert',
        'UserKnownHostsFile ~/.ssh/known_%n /other',
        'ConnectTimeout 1m30s',
        'ServerAliveInterval 20',
        'ServerAliveCountMax 5',
        'AddressFamily inet6',
        'BindAddress ::1',
        'HashKnownHosts yes',
        'IdentityAgent $OTHER_AGENT',
        'Ciphers ^aes256-gcm@openssh.com',
        'MACs -*-512-*',
      ].join('\n'),
      {},
      { KEYS: '/keys', OTHER_AGENT: '/run/agent' },
    );
    const home = found.certificates[0]?.replace('/cert', '');
    expect(found).toMatchObject({
      identityFiles: [`${home}/.ssh/deploy@web.example.org-2222`, '/keys/id'],
      knownHosts: [`${home}/.ssh/known_web`, '/other', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      connectTimeout: 90,
      alive: { seconds: 20, most: 5 },
      family: 6,
      localAddress: '::1',
      hashKnownHosts: true,
      agent: '/run/agent',
    });
    const { cipher, hmac } = algorithmsFor([], found.algorithms);
    expect([(cipher as readonly string[])[0], hmac]).toEqual([
      'aes256-gcm@openssh.com',
      ['hmac-sha2-256-etm@openssh.com'],
    ]);
  });

  it('counts after the user has spoken: settings of the system', async () => {
    const home = homeWith('User me\n');
    const system = join(home, 'system');
    writeFileSync(system, 'Host w*\n User them\n Port 2200\n');
    expect(await settingsOf('web', {}, { home, env: {}, system })).toMatchObject({ user: 'me', port: 2200 });
  });
});
