import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Checkout, checkoutOf } from './rig.ts';

// Five names for this machine; what one of them wants to become doesn't exist.
const hosts = `all:
  vars: { ansible_connection: local }
  children:
    web: { hosts: { 'web[1:4]': } }
    broken: { hosts: { lost: { ansible_become: true, ansible_become_user: no-such-user, ansible_become_method: su } } }
`;

const stepOf = (name: string): string => `import { host, keep, step } from '@cairnhq/cairn';
import { join } from 'node:path';
const root = join(import.meta.dirname, '../..');
export default step({
  summary: 'Write down the turn',
  on: 'hosts',
  undo: keep('a log of turns'),
  resources: ({ target }) => ({
    turn: host
      .command({
        id: '${name}',
        argv: ['sh', '-c', 'test ! -e ' + root + '/fail-$1-${name} && echo ${name} $1 >>' + root + '/turns && touch ' + root + '/$1-${name}', 'sh', target.name],
        creates: root + '/' + target.name + '-${name}',
      })
      .keep('it only says that it was here'),
  }),
});
`;

function rollOf(component: string): Checkout & { turns(): readonly string[] } {
  const checkout = checkoutOf('shop', [
    ['inventory/local/hosts.yaml', hosts],
    ['steps/roll/10_first.ts', stepOf('first')],
    ['steps/roll/20_second.ts', stepOf('second')],
    ['playbooks/roll.yaml', `components: [{ component: roll, ${component} }]\n`],
  ]);
  const log = join(checkout.root, 'turns');
  return { ...checkout, turns: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

const up = ['up', 'playbooks/roll.yaml', '--concurrency', '1'] as const;

beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'needs root'));

describe('serial', () => {
  test.each([
    ['', '1111 2222'],
    ['serial: 1, ', '12 12 12 12'],
    ['serial: 2, ', '11 22 11 22'],
    ['serial: "50%", ', '11 22 11 22'],
    ['serial: [1, "75%"], ', '12 111 222'],
    ['serial: "1%", ', '12 12 12 12'],
  ])('%s', async (serial, order) => {
    const { cairn, turns } = rollOf(`${serial}hosts: web`);
    expect((await cairn(up)).code).toBe(0);
    const steps = turns().map((turn) => (turn.startsWith('first') ? 1 : 2));
    expect(steps.join('')).toBe(order.replaceAll(' ', ''));
  });

  test.each(['serial: 0', 'serial: "0%"', 'serial: [1, many]', 'serial: []', 'maxFailures: -1', 'maxFailures: "2"'])(
    '%s is a problem of the input',
    async (wrong) => {
      const { code, stderr } = await rollOf(`${wrong}, hosts: web`).cairn(['plan', 'playbooks/roll.yaml']);
      expect(stderr).toContain(`${wrong.split(':')[0]} must be`);
      expect(code).toBe(2);
    },
  );
});

describe('maxFailures', () => {
  const failing = (component: string, ...names: readonly string[]) => {
    const roll = rollOf(component);
    for (const name of names) writeFileSync(join(roll.root, `fail-${name}-first`), '');
    return roll;
  };

  test('lets the others go on without a host that failed, and the run is no success', async () => {
    const { cairn, turns } = failing('serial: 1, maxFailures: 1, hosts: web', 'web2');
    const { code, stderr } = await cairn(up);
    expect(turns()).toEqual(['1', '3', '4'].flatMap((n) => [`first web${n}`, `second web${n}`]));
    expect(code).toBe(1);
    expect(stderr).toContain('10_first on web2 failed');
  });

  test('stops when one more fails', async () => {
    const { cairn, turns } = failing('serial: 1, maxFailures: 1, hosts: web', 'web1', 'web3');
    const { code } = await cairn(up);
    expect(turns()).toEqual(['first web2', 'second web2']);
    expect(code).toBe(1);
  });

  test('is none without it', async () => {
    const { cairn, turns } = failing('serial: 1, hosts: web', 'web1');
    expect((await cairn(up)).code).toBe(1);
    expect(turns()).toEqual([]);
  });
});

describe('--limit @failed', () => {
  test('means the hosts that failed or gave no answer in the last run, until they do', async () => {
    const { root, cairn, turns } = rollOf('maxFailures: 1, hosts: "web1:web2:lost"');
    writeFileSync(join(root, 'fail-web2-first'), '');
    expect((await cairn(up)).code).toBe(1);
    rmSync(join(root, 'fail-web2-first'));
    const again = await cairn([...up, '--limit', '@failed']);
    expect(again.stdout).toMatch(/^lost +1 unreachable$/m);
    expect(turns()).toEqual(['first web1', 'second web1', 'first web2', 'second web2']);
    const { stdout } = await cairn(['plan', 'playbooks/roll.yaml', '--limit', '@failed']);
    expect(stdout).toContain("warning: lost can't be reached");
    expect(stdout).not.toContain('web2');
  });

  test('is refused when none did', async () => {
    const { cairn } = rollOf('hosts: web1');
    await cairn(up);
    const { code, stderr } = await cairn([...up, '--limit', '@failed']);
    expect(stderr).toContain('--limit @failed: no host failed in the last run of playbooks/roll.yaml');
    expect(code).toBe(2);
  });
});

describe('a host that cannot be reached', () => {
  test('is reported as that, the others are done, and the run ends with 1', async () => {
    const { cairn, turns } = rollOf('hosts: "web1:lost"');
    const { code, stdout, stderr } = await cairn(up);
    expect(turns()).toEqual(['first web1', 'second web1']);
    expect(stdout).toMatch(/^lost +1 unreachable$/m);
    expect(stderr).toContain("lost can't be reached\n    su did not let us become no-such-user");
    expect(code).toBe(1);
  });

  test('is left out of a plan, which says so, ends with 1, and is not saved', async () => {
    const { root, cairn } = rollOf('hosts: "web1:lost"');
    const { code, stdout } = await cairn(['plan', 'playbooks/roll.yaml', '--out', 'saved.json']);
    expect(stdout).toContain("warning: lost can't be reached\n    su did not let us become no-such-user");
    expect(stdout).not.toMatch(/on lost|refused/);
    expect(existsSync(join(root, 'saved.json'))).toBe(false);
    expect(code).toBe(1);
  });

  test('is left out of verify and of undo as well, which gives back the rest and ends with 1; the next undo gives back its part', async () => {
    const { root, cairn } = rollOf('hosts: "web1:web2"');
    const file = `import { host, restore, step } from '@cairnhq/cairn';
export default step({ summary: 'A file', on: 'hosts', undo: restore,
  resources: ({ target }) => ({ file: host.file({ path: '${root}/of-' + target.name, content: 'x' }) }),
  verify: ({ check }) => check('it is there', () => {}) });
`;
    writeFileSync(join(root, 'steps/roll/10_first.ts'), file);
    rmSync(join(root, 'steps/roll/20_second.ts'));
    expect((await cairn(up)).code).toBe(0);
    const inventory = join(root, 'inventory/local/hosts.yaml');
    const lost = 'ansible_become: true, ansible_become_user: no-such-user, ansible_become_method: su';
    writeFileSync(inventory, `all: { vars: { ansible_connection: local }, hosts: { web1: {}, web2: { ${lost} } } }\n`);
    const verified = await cairn(['verify', 'playbooks/roll.yaml']);
    expect([verified.code, verified.stdout]).toEqual([1, expect.stringMatching(/^web2 +1 unreachable$/m)]);
    const undone = await cairn(['undo', 'playbooks/roll.yaml', '--yes']);
    expect(undone.stdout).toMatch(/^web2 +1 unreachable$/m);
    expect([undone.code, existsSync(`${root}/of-web1`), existsSync(`${root}/of-web2`)]).toEqual([1, false, true]);
    writeFileSync(inventory, hosts);
    const again = await cairn(['undo', 'playbooks/roll.yaml', '--yes', '--limit', '@failed']);
    expect([again.code, existsSync(`${root}/of-web2`)]).toEqual([0, false]);
  });

  test('is all there is to say where it is the only one', async () => {
    const { code, stderr } = await rollOf('hosts: lost').cairn(up);
    expect(stderr).toContain("lost can't be reached");
    expect(code).toBe(1);
  });
});
