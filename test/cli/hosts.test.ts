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
