import { expect, test } from 'vitest';
import { selectSteps } from '../../src/project/playbook/selection.ts';

const steps = [
  'kind/10_packages',
  'kind/40_cluster',
  'devpi/30_redis',
  'devpi/40_server',
  'devpi/50_login',
  'devpi/60_tls',
].map((id) => {
  const [, component = '', number = '', name = ''] = /^(.*)\/(\d+)_(.*)$/.exec(id) ?? [];
  return { id, component, number: Number(number), name };
});

function select(only: readonly string[], from?: string): ReturnType<typeof selectSteps> {
  return selectSteps({ only, ...(from === undefined ? {} : { from }) }, steps);
}

test.each([
  [[], undefined, steps.map(({ id }) => id)],
  [['devpi/40,50-60'], undefined, ['devpi/40_server', 'devpi/50_login', 'devpi/60_tls']],
  [['devpi/40', '50-60'], undefined, ['devpi/40_server', 'devpi/50_login', 'devpi/60_tls']],
  [['40'], undefined, ['kind/40_cluster', 'devpi/40_server']],
  [['kind'], undefined, ['kind/10_packages', 'kind/40_cluster']],
  [['redis'], undefined, ['devpi/30_redis']],
  [['devpi/50_login'], undefined, ['devpi/50_login']],
  [['devpi/login'], undefined, ['devpi/50_login']],
  [[], 'devpi/50', ['devpi/50_login', 'devpi/60_tls']],
  [[], '50', ['devpi/50_login', 'devpi/60_tls']],
  [[], 'kind/40', ['kind/40_cluster', 'devpi/30_redis', 'devpi/40_server', 'devpi/50_login', 'devpi/60_tls']],
  [['40'], 'devpi/30', ['devpi/40_server']],
])('--only %j --from %s', (only, from, ids) => {
  expect(select(only, from)).toEqual({ ids: new Set(ids), problems: [] });
});

test.each([
  [
    ['devpi/45'],
    undefined,
    'selection-empty',
    '--only devpi/45: no step of this playbook is meant',
    'nearest: devpi/50_login',
  ],
  [['dewpi/40'], undefined, 'selection-empty', '--only dewpi/40: no step of this playbook is meant', 'nearest: devpi'],
  [
    ['devpi/rediss'],
    undefined,
    'selection-empty',
    '--only devpi/rediss: no step of this playbook is meant',
    'nearest: devpi/30_redis',
  ],
  [[], 'devpi/99', 'selection-empty', '--from devpi/99: no step of this playbook is meant', 'nearest: devpi/60_tls'],
  [
    [],
    '40',
    'selection-ambiguous',
    '--from 40 fits kind/40_cluster and devpi/40_server',
    'say which, for example --from kind/40_cluster',
  ],
  [
    ['devpi/30'],
    'devpi/50',
    'selection-empty',
    '--only devpi/30 and --from devpi/50 have no step in common',
    'leave one of them out',
  ],
])('--only %j --from %s is refused', (only, from, code, summary, help) => {
  expect(select(only, from).problems).toEqual([{ severity: 'error', code, summary, help }]);
});
