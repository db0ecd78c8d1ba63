import { describe, expect, test } from 'vitest';
import { againOf } from '../../src/cli/args/again.ts';
import type { Command } from '../../src/cli/args/command.ts';
import { parseArgs } from '../../src/cli/args/parse.ts';

const parse = (line: string): Command =>
  parseArgs(
    line.split(' ').filter((word) => word !== ''),
    '1.2.3',
  );

const common = { json: false, quiet: false, verbose: false };
const working = { ...common, selection: { only: [], set: [] } };
const consent = { yes: false, allowReplace: false, allowDataLoss: [] };
const up = { name: 'up', playbook: 'p.yaml', verify: true, disrupt: false, ...consent, ...working };
const undo = { name: 'undo', playbook: 'p.yaml', force: false, all: false, ...consent, ...working };
const plan = { name: 'plan', playbook: 'p.yaml', undo: false, exitCode: false, ...working };

test.each<[string, object]>([
  ['plan p.yaml', plan],
  ['plan p.yaml --exit-code -i inventory/example', { ...plan, exitCode: true, inventory: 'inventory/example' }],
  ['plan p.yaml --undo --run 7f3a', { ...plan, undo: true, run: '7f3a' }],
  ['plan p.yaml --out p.plan', { ...plan, out: 'p.plan' }],
  ['up p.yaml', up],
  ['up p.plan', { ...up, playbook: 'p.plan' }],
  [
    'up p.yaml --only devpi/40,50-60 --only kind/10',
    { ...up, selection: { only: ['devpi/40', '50-60', 'kind/10'], set: [] } },
  ],
  [
    'up p.yaml --from 50 --limit web:&prod:!db1',
    { ...up, selection: { only: [], from: '50', limit: 'web:&prod:!db1', set: [] } },
  ],
  ['up p.yaml --set a.b=1 --set c=[x,y]', { ...up, selection: { only: [], set: ['a.b=1', 'c=[x,y]'] } }],
  ['up p.yaml --set url=http://a?b=c', { ...up, selection: { only: [], set: ['url=http://a?b=c'] } }],
  ['up --yes p.yaml --no-verify', { ...up, yes: true, verify: false }],
  ['up p.yaml --disrupt --json', { ...up, disrupt: true, json: true }],
  ['up p.yaml --concurrency 4 --timeout 10m', { ...up, concurrency: 4, timeout: 600_000 }],
  ['up p.yaml --timeout 90', { ...up, timeout: 90_000 }],
  ['up --run 7f3a', { name: 'up', run: '7f3a', verify: true, disrupt: false, ...consent, ...working }],
  [
    'up p.yaml --allow-replace --allow-data-loss A/b/c --allow-data-loss D/e',
    { ...up, allowReplace: true, allowDataLoss: ['A/b/c', 'D/e'] },
  ],
  ['verify p.yaml --disrupt', { name: 'verify', playbook: 'p.yaml', disrupt: true, ...working }],
  [
    'forget p.yaml Secret/a/b file/etc/motd --limit web --set a=1 --yes',
    {
      name: 'forget',
      playbook: 'p.yaml',
      addresses: ['Secret/a/b', 'file/etc/motd'],
      yes: true,
      ...common,
      selection: { only: [], limit: 'web', set: ['a=1'] },
    },
  ],
  ['undo p.yaml --to 50', { ...undo, to: '50' }],
  ['undo p.yaml --force --all --yes -v', { ...undo, force: true, all: true, yes: true, verbose: true }],
  ['lint', { name: 'lint', set: [], ...common }],
  ['up p.yaml -K', { ...up, askBecomePassword: true }],
  ['lint p.yaml --set a=1', { name: 'lint', playbook: 'p.yaml', set: ['a=1'], ...common }],
  ['status --quiet', { name: 'status', ...common, quiet: true }],
  ['history', { name: 'history', log: false, ...common }],
  ['history 7f3a --log', { name: 'history', run: '7f3a', log: true, ...common }],
  ['explain devpi.image.tag', { name: 'explain', key: 'devpi.image.tag', set: [], ...common }],
  ['explain a p.yaml', { name: 'explain', key: 'a', playbook: 'p.yaml', set: [], ...common }],
  ['inventory --json', { name: 'inventory', ...common, json: true }],
  [
    'fetch web /etc/motd --concurrency 4',
    { name: 'fetch', pattern: 'web', path: '/etc/motd', destination: '.', concurrency: 4, ...common },
  ],
  [
    'fetch web /etc/motd kept -K --json',
    {
      ...{ name: 'fetch', pattern: 'web', path: '/etc/motd', destination: 'kept', askBecomePassword: true },
      ...common,
      json: true,
    },
  ],
  [
    'shell web1 -i inventory/prod --accept-new-host-keys',
    { name: 'shell', pattern: 'web1', inventory: 'inventory/prod', acceptNewHostKeys: true, ...common },
  ],
  ['cluster up --yes', { name: 'cluster', action: 'up', yes: true, ...common }],
  ['cluster down --all', { name: 'cluster', action: 'down', yes: false, all: true, ...common }],
  ['cluster status', { name: 'cluster', action: 'status', ...common }],
  ['cluster kubeconfig', { name: 'cluster', action: 'kubeconfig', ...common }],
  ['completion fish', { name: 'completion', shell: 'fish' }],
  ['--version', { name: 'text', text: '1.2.3\n' }],
])('cairn %s', (line, expected) => expect(parse(line)).toEqual(expected));

test.each<[string, string, string]>([
  ['plna p.yaml', 'unknown command "plna"', 'did you mean plan?'],
  ['up p.yaml --onyl 3', 'unknown option "--onyl"', 'did you mean --only?'],
  ['cluster upp', 'unknown command "upp"', 'did you mean up?'],
  ['cluster frobnicate', 'unknown command "frobnicate"', 'cairn cluster --help lists what there is'],
  ['frobnicate p.yaml', 'unknown command "frobnicate"', 'cairn --help lists what there is'],
  ['frobnicate', 'unknown command "frobnicate"', 'cairn --help lists what there is'],
  ['plan', 'missing required argument "playbook"', 'cairn plan --help lists what there is'],
  ['up', 'up needs a playbook, or --run with a run to go on with', 'cairn up --help lists what there is'],
  [
    'up p.yaml q.yaml',
    'too many arguments for "up". Expected 1 argument but got 2: p.yaml, q.yaml',
    'cairn up --help lists what there is',
  ],
  [
    'up p.yaml --concurrency 0',
    'option "--concurrency <targets>" argument "0" is invalid. It must be a whole number above 0',
    'cairn up --help lists what there is',
  ],
  [
    'up p.yaml --timeout soon',
    'option "--timeout <time>" argument "soon" is invalid. Write it as 90s, 10m or 2h',
    'cairn up --help lists what there is',
  ],
  [
    'up p.yaml --set a',
    'option "--set <key=value>" argument "a" is invalid. Write it as KEY=VALUE',
    'cairn up --help lists what there is',
  ],
  [
    'up p.yaml --only a,,b',
    'option "--only <steps>" argument "a,,b" is invalid. It holds an empty name',
    'cairn up --help lists what there is',
  ],
  [
    'plan p.yaml --undo --out p.plan',
    '--out saves what cairn up does, and --undo shows something else',
    'cairn plan --help lists what there is',
  ],
  [
    'plan p.yaml --out q.yaml',
    '--out: cairn up would take a name like that for a playbook',
    'cairn plan --help lists what there is',
  ],
  ['plan p.yaml --run 7f3a', '--run and --to belong to --undo', 'cairn plan --help lists what there is'],
  [
    'undo p.yaml --run 7f3a --to 50',
    'option "--to <step>" cannot be used with option "--run <id>"',
    'cairn undo --help lists what there is',
  ],
  ['history --log', '--log needs a run: cairn history RUN --log', 'cairn history --help lists what there is'],
  ['cluster', 'cairn cluster needs a command', 'cairn cluster --help lists what there is'],
])('cairn %s is refused: %s', (line, summary, help) => {
  expect(parse(line)).toEqual({ name: 'wrong', problems: [{ severity: 'error', code: 'usage', summary, help }] });
});

test('offered commands repeat what was typed, quoted for a shell', () => {
  const command = parse("up p.yaml -i inventory/example --only devpi/40,50 --limit web:&prod --set a=it's");
  expect(command.name === 'up' && againOf(command)).toEqual({
    inventory: ' -i inventory/example',
    selection: " --only devpi/40,50 --limit 'web:&prod' --set 'a=it'\\''s'",
  });
});

test('a forget that is offered again names what it is about', () => {
  const command = parse('forget p.yaml Secret/a/b --limit web');
  expect(command.name === 'forget' && againOf(command).selection).toBe(' Secret/a/b --limit web');
});

describe('help', () => {
  test.each([
    'plan',
    'up',
    'verify',
    'undo',
    'forget',
    'lint',
    'status',
    'history',
    'explain',
    'inventory',
    'cluster',
    'completion',
  ])('cairn %s --help ends with examples', (name) => {
    const asked = parse(`${name} --help`);
    expect(asked.name).toBe('text');
    expect(asked.name === 'text' && asked.text).toMatch(
      new RegExp(`Usage: cairn ${name} .*\\nExamples:\\n  cairn ${name}`, 's'),
    );
  });

  test('cairn alone lists the commands', () => {
    const asked = parse('');
    expect(asked.name === 'text' && asked.text).toMatch(/Commands:\n {2}plan .*\n {2}up /);
  });
});
