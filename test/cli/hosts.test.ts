import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkoutOf } from './rig.ts';

// Three names for this machine; what one of them wants to become doesn't exist.
const hosts = `all:
  vars: { ansible_connection: local, unrelated: !secret env:NOT_SET }
  children:
    web: { hosts: { web1: , web2: } }
    broken: { hosts: { lost: { ansible_become: true, ansible_become_user: no-such-user, ansible_become_method: su } } }
`;
const cairn = (words: readonly string[]) => checkoutOf('shop', [['inventory/local/hosts.yaml', hosts]]).cairn(words);

const traced = `import { host, restore, secret, step, T, text } from '@cairnhq/cairn';
import { join } from 'node:path';
const root = join(import.meta.dirname, '../..');
const owned = { mode: '0600', owner: 'root', group: 'root' };
export default step({
  summary: 'Keep a PIN',
  on: 'hosts',
  vars: T.Object({ pin: secret() }),
  undo: restore,
  resources: ({ vars }) => ({
    file: host.file({ path: root + '/pin.conf', content: text\`pin=\${vars.pin}\\n\`, ...owned }),
  }),
});
`;

beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'needs root'));

describe('cairn exec', () => {
  test('runs the words as they stand, without a shell, and prints behind the name of each host', async () => {
    const { code, stdout, stderr } = await cairn(['exec', 'web', '--', 'printf', '%s\\n', '$HOME', 'a  b']);
    expect(stdout.split('\n').sort()).toEqual(['', 'web1  $HOME', 'web1  a  b', 'web2  $HOME', 'web2  a  b']);
    expect(stderr).toBe('2 hosts: 2 well\n');
    expect(code).toBe(0);
  });

  test('ends with 1 when a command fails, and says where', async () => {
    const { code, stdout, stderr } = await cairn(['exec', 'web1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect([code, stdout, stderr]).toEqual([1, 'web1  out\n', 'web1  err\nweb1: ended with 7\n']);
  });

  test('tells of a host that cannot be reached, and asks the others all the same', async () => {
    const { code, stdout, stderr } = await cairn(['exec', 'all:!web2', '--', 'echo', 'here']);
    expect(code).toBe(1);
    expect(stdout).toBe('web1  here\n');
    expect(stderr).toContain('lost: unreachable: su did not let us become no-such-user');
    expect(stderr).toContain('2 hosts: 1 well, 1 not');
  });

  test('ends a command whose time is over', async () => {
    const { code, stderr } = await cairn(['exec', 'web1', '--timeout', '1s', '--', 'sleep', '60']);
    expect(code).toBe(1);
    expect(stderr).toContain('web1: took too long and was ended');
  });

  test('gives an object a host with --json', async () => {
    const { stdout } = await cairn(['exec', 'web', '--json', '--', 'sh', '-c', 'echo one; exit 3']);
    const objects = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(objects).toHaveLength(2);
    for (const one of objects) expect(one).toMatchObject({ is: 'answered', answer: { status: 3, stdout: 'one\n' } });
  });

  test('refuses a pattern that names nothing before anything is asked', async () => {
    const { code, stderr } = await cairn(['exec', 'wbe', '--', 'touch', '/never']);
    expect(code).toBe(2);
    expect(stderr).toContain('no host or group is called "wbe"');
  });
});

describe('--trace-io', () => {
  test('writes bytes and time of every round trip, and no secret, not even a short one', async () => {
    const checkout = checkoutOf('shop', [
      ['inventory/local/hosts.yaml', hosts.replace(', unrelated: !secret env:NOT_SET', '')],
      ['steps/trace/10_files.ts', traced],
      ['playbooks/trace.yaml', 'components: [{ component: trace, hosts: web1, vars: { pin: !secret "env:PIN" } }]\n'],
    ]);
    const words = ['up', 'playbooks/trace.yaml', '--trace-io', 'trace.txt'];
    const { code, stderr } = await checkout.cairn(words, { PIN: 'k7Qz' });
    expect(code, stderr).toBe(0);
    const text = readFileSync(join(checkout.root, 'trace.txt'), 'utf8');
    const trips = text.trim().split('\n');
    expect(trips.length).toBeGreaterThan(2);
    for (const trip of trips) expect(trip).toMatch(/^\S+Z web1 {2}\d+ B out, \d+ B in, \d+\.\d ms {2}\S/);
    expect(text).toContain('pin.conf');
    for (const form of ['k7Qz', Buffer.from('pin=k7Qz\n').toString('base64')]) expect(text).not.toContain(form);
    expect(statSync(join(checkout.root, 'trace.txt')).mode & 0o777).toBe(0o600);
  });
});

describe('cairn facts', () => {
  test('shows a line a host, and who gave none', async () => {
    const { code, stdout, stderr } = await cairn(['facts', 'all']);
    expect(stdout).toMatch(/^host +hostname +os +arch +init\nweb1 .*\nweb2 .*\n$/);
    expect(stderr).toContain('lost: unreachable:');
    expect(code).toBe(1);
  });

  test('gives an object a host with --json', async () => {
    const { code, stdout } = await cairn(['facts', 'web1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ host: 'web1', is: 'answered', answer: { arch: expect.any(String) } });
    expect(code).toBe(0);
  });
});
