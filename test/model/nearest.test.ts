import { expect, test } from 'vitest';
import { nearest } from '../../src/model/nearest.ts';

test.each([
  ['dashbord_host', ['dashboard_host', 'host', 'dashboard_port'], 'dashboard_host'],
  ['prot', ['host', 'port', 'path'], 'port'],
  ['wbe', ['db', 'web', 'all'], 'web'],
  ['Port', ['port'], 'port'],
  ['relm', ['realm', 'zone'], 'realm'],
  ['pot', ['lot', 'pos', 'not'], 'pos'],
  ['completely', ['other', 'words'], undefined],
  ['ab', ['xy', 'z'], undefined],
  ['x', [], undefined],
])('the name nearest to %s among %j is %s', (wrong, names, right) => {
  expect(nearest(wrong, names)).toBe(right);
});
