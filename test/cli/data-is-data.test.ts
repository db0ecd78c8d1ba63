import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checkout, checkoutOf } from './rig.ts';

const isRoot = process.getuid?.() === 0;
const canary = 'canary-of-data';

/** What a shell, a template or JavaScript would carry out, each without a slash, so that names may hold it. */
const payloads: readonly string[] = [
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `'; touch ${canary}; '`,
  `"; touch ${canary}; "`,
  `\ntouch ${canary}\n`,
  `| touch ${canary} & touch ${canary}`,
  `{{constructor.constructor "process.getBuiltinModule('fs').writeFileSync('${canary}','')"}}`,
  `\${process.getBuiltinModule('fs').writeFileSync('${canary}','')}`,
  `!!js 'function () { process.getBuiltinModule("fs").writeFileSync("${canary}","") }'`,
  `-exec touch ${canary}`,
  `%s%n \\$(touch ${canary}) \\x60touch ${canary}\\x60`,
];

const step = `
import { host, restore, step, T } from '@cairnhq/cairn';

const odd = (folder: string, text: string) => [
  host.directory({ path: folder }),
  host.directory({ path: folder + '/' + text }),
  host.file({ path: folder + '/' + text + '/' + text, content: text }),
  host.link({ path: folder + '/link', target: text.trim() }),
  host.line({ path: folder + '/lines', line: text.replaceAll('\\n', ' ') }),
  host.block({ path: folder + '/blocks', name: 'odd', content: text }),
  host.yamlValue({ path: folder + '/yaml', at: ['odd', text], value: text }),
  host.command({
    id: folder, unless: ['test', '-s', folder + '/out'], undo: ['rm', '-f', folder + '/out'],
    argv: ['sh', '-c', 'printf "%s|%s|%s" "$1" "$ODD" "$(cat)" >"$2"', 'sh', text, folder + '/out'],
    cwd: folder + '/' + text, env: { ODD: text }, stdin: text,
  }),
];

export default step({
  summary: 'Odd texts everywhere',
  on: 'hosts',
  vars: T.Object({ folder: T.String(), texts: T.Array(T.String()) }),
  resources: ({ vars: { folder, texts } }) =>
    Object.fromEntries(texts.flatMap((text, at) => odd(folder + '/' + at, text).map((one, part) => ['odd' + at + 'x' + part, one]))),
  undo: restore,
});
`;

function project(files: readonly (readonly [string, string])[]): Checkout {
  const checkout = checkoutOf('shop', [
    ['steps/odd/10_odd.ts', step],
    [
      'playbooks/odd.yaml',
      "components: [{ component: odd, hosts: web, vars: { folder: '{{root}}/world', texts: '{{odd}}' } }]\n",
    ],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: { ansible_connection: local } } } } }\n'],
    ...files,
  ]);
  for (const folder of ['world', 'home/.ssh']) mkdirSync(join(checkout.root, folder), { recursive: true });
  return checkout;
}

function traces(root: string): readonly string[] {
  const places = ['/', '/tmp', homedir(), process.cwd(), root, join(root, 'home')];
  const inWorld = readdirSync(join(root, 'world'), { recursive: true, encoding: 'utf8' });
  return [
    ...places.map((place) => join(place, canary)).filter((path) => existsSync(path)),
    ...inWorld.filter((path) => path.split('/').at(-1) === canary),
  ];
}

describe.skipIf(!isRoot)('data is never carried out', { timeout: 300_000 }, () => {
  const inYaml = payloads.filter((payload) => !payload.includes('{{'));

  it.each([
    ['environment variables give', payloads, `odd: [${payloads.map((_, at) => `!env ODD${at}`).join(', ')}]\n`],
    ['the inventory gives', inYaml, `odd: ${JSON.stringify(inYaml)}\n`],
  ] as const)('in what %s, as name, content, argument, variable, input and folder', async (_, texts, vars) => {
    const { root, cairn } = project([['inventory/local/group_vars/all.yaml', vars]]);
    const env = Object.fromEntries(texts.map((payload, at) => [`ODD${at}`, payload]));
    const up = await cairn(['up', 'playbooks/odd.yaml', '--yes', '-v'], env);
    expect(up.code, up.stdout + up.stderr).toBe(0);
    for (const [at, payload] of texts.entries()) {
      const folder = join(root, 'world', String(at));
      expect(readFileSync(join(folder, payload, payload), 'utf8')).toBe(payload);
      expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(`${payload}|${payload}|${payload.replace(/\n+$/, '')}`);
    }
    expect(traces(root)).toEqual([]);
    const undo = await cairn(['undo', 'playbooks/odd.yaml', '--yes'], env);
    expect([undo.code, readdirSync(join(root, 'world'))], undo.stdout + undo.stderr).toEqual([0, []]);
    expect(traces(root)).toEqual([]);
  });

  it('on the command line', async () => {
    const { root, cairn } = project([['inventory/local/group_vars/all.yaml', 'odd: [x]\n']]);
    await cairn(['plan', 'playbooks/odd.yaml', '--set', `odd=${JSON.stringify(payloads)}`]);
    await cairn(['plan', 'playbooks/odd.yaml', '--limit', payloads[0] ?? '']);
    await cairn(['plan', payloads[0] ?? '']);
    expect(traces(root)).toEqual([]);
  });

  it('in the names of hosts and users, though Match exec and a ProxyCommand take them', async () => {
    const hosts = inYaml.flatMap((payload, at) => [
      `h${at}: { ansible_host: ${JSON.stringify(payload)} }`,
      `u${at}: { ansible_host: 127.0.0.1, ansible_user: ${JSON.stringify(payload)} }`,
    ]);
    const { root, cairn } = project([['inventory/local/hosts.yaml', `all: { hosts: { ${hosts.join(', ')} } }\n`]]);
    const config = 'Match exec "test -n %h%r"\nHost *\n  ProxyCommand false %h %r %n\n';
    writeFileSync(join(root, 'home/.ssh/config'), config, { mode: 0o600 });
    const facts = await cairn(['facts', 'all']);
    expect(facts.code, facts.stdout + facts.stderr).not.toBe(0);
    expect(facts.stdout + facts.stderr).toContain("can't be the name of a host or a user");
    expect(traces(root)).toEqual([]);
  });
});
