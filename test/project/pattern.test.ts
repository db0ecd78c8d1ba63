import { expect, test } from 'vitest';
import { expandRange, type HostWorld, matchPattern } from '../../src/project/inventory/pattern.ts';

const world: HostWorld = {
  hosts: new Set(['web1', 'web2', 'db1', 'db2', 'cache.x']),
  groups: new Map([
    ['web', new Set(['web1', 'web2'])],
    ['db', new Set(['db1', 'db2'])],
    ['prod', new Set(['web1', 'db1'])],
    ['empty', new Set<string>()],
  ]),
};

test.each([
  ['all', 'web1 web2 db1 db2 cache.x'],
  ['*', 'web1 web2 db1 db2 cache.x'],
  ['web', 'web1 web2'],
  ['db2,web1', 'web1 db2'],
  ['web:&prod', 'web1'],
  ['web:db:!prod', 'web2 db2'],
  ['!prod', 'web2 db2 cache.x'],
  ['!web1:web', 'web2'],
  ['web:&prod:!web1', ''],
  ['*2', 'web2 db2'],
  ['w?b1', 'web1'],
  ['cache.?', 'cache.x'],
  ['web[12]', 'web1 web2'],
  ['d*', 'db1 db2'],
  ['~(web|db)1', 'web1 db1'],
  ['~.*\\d$:!prod', 'web2 db2'],
  ['~we:&~.*1', 'web1'],
  ['web[0:0]', 'web1'],
  ['db[1:]', 'db2'],
  ['cach[e:f].x:cache.[w:x]', 'cache.x'],
  ['web[0:1]:!web1', 'web2'],
  ['empty', ''],
])('%s means %j', (pattern, hosts) => {
  const { matched, unknown } = matchPattern(pattern, world);
  expect([...matched].join(' ')).toBe(hosts);
  expect(unknown).toEqual([]);
});

test('terms that name nothing are told', () => {
  expect(matchPattern('wbe:&prdo:!db1:x*:~y:~(', world).unknown).toEqual(['wbe', 'x*', '~y', '~(', 'prdo']);
});

test.each([
  ['web1', ['web1']],
  ['web[08:11].x', ['web08.x', 'web09.x', 'web10.x', 'web11.x']],
  ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
  ['n[0:6:3]', ['n0', 'n3', 'n6']],
  ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
  ['n[3:1]', []],
])('the range %s is spelled out', (name, hosts) => {
  expect(expandRange(name)).toEqual(hosts);
});

test('ten thousand hosts are matched in no time', () => {
  const hosts = new Set(expandRange('web[00001:10000]'));
  const before = process.cpuUsage();
  const { matched } = matchPattern('web*:!web0000?', { hosts, groups: new Map([['web', hosts]]) });
  expect(matched.size).toBe(9991);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
});
