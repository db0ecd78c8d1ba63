import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { type Checkout, checkoutOf, type Ran } from './rig.ts';

let rig: ApiServer;
beforeAll(async () => {
  rig = await startApiServer();
});
afterAll(() => rig?.stop());

const step = `import { host, k8s, restore, secret, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'A map, a secret and a file',
  on: 'hosts',
  vars: T.Object({ namespace: T.String(), colour: T.String(), login: secret(), folder: T.String() }),
  undo: restore,
  resources: ({ vars: { namespace, colour, login, folder } }) => ({
    around: k8s.namespace({ name: namespace }),
    map: k8s.configMap({ namespace, name: 'colours', data: { door: colour } }),
    login: k8s.secret({ namespace, name: 'login', data: { password: login } }),
    file: host.file({ path: \`\${folder}/colour\`, content: \`\${colour}\\n\` }),
  }),
});
`;

const password = 'a-password-of-nobody';
let count = 0;

interface Demo extends Checkout {
  readonly namespace: string;
  set(colour: string): void;
}

/** A project over the real API server, in a namespace of its own. */
function demo(): Demo {
  count += 1;
  const namespace = `saved-plan-${count}`;
  const vars = (colour: string): string =>
    `namespace: ${namespace}\ncolour: ${colour}\nlogin: !secret env:LOGIN\nfolder: '{{root}}'\n`;
  const checkout = checkoutOf('shop', [
    [
      'inventory/local/clusters.yaml',
      `clusters: { cairn: { kubeconfig: ${rig.kubeconfig}, context: ${rig.context} } }\n`,
    ],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
    ['inventory/local/group_vars/all.yaml', vars('red')],
    ['playbooks/demo.yaml', 'components: [{ component: demo, cluster: cairn, hosts: localhost }]\n'],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['steps/demo/10_things.ts', step],
  ]);
  return {
    ...checkout,
    namespace,
    cairn: (words, env = {}) => checkout.cairn(words, { LOGIN: password, ...env }),
    set: (colour) => writeFileSync(join(checkout.root, 'inventory/local/group_vars/all.yaml'), vars(colour)),
  };
}

const plan = ({ cairn }: Demo): Promise<Ran> => cairn(['plan', 'playbooks/demo.yaml', '--out', 'demo.plan']);
const get = ({ namespace }: Demo, what: string): Promise<string> =>
  rig.kubectl(['get', '-n', namespace, what, '-o', 'jsonpath={.data.door}', '--ignore-not-found']);

test('a saved plan is carried out as it stands, by another process, and holds no secret', async () => {
  const one = demo();
  const said = await plan(one);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain('Apply exactly this with  cairn up demo.plan');
  const file = join(one.root, 'demo.plan');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain(password);
  expect(text).not.toContain(Buffer.from(password).toString('base64').replace(/=+$/, ''));
  const { saved } = JSON.parse(text) as { saved: { targets: object; inventory: string; playbook: string } };
  expect(saved).toMatchObject({ inventory: 'inventory/local', playbook: 'playbooks/demo.yaml' });
  expect(Object.values(saved.targets)).toEqual([
    expect.stringMatching(/^host:localhost\//),
    expect.stringMatching(/^cluster:cairn\/[0-9a-f-]{36}$/),
  ]);
  const ran = await one.cairn(['up', 'demo.plan']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('4 created');
  expect(await get(one, 'configmap/colours')).toBe('red');
  expect(await one.cairn(['plan', 'playbooks/demo.yaml', '--exit-code'])).toMatchObject({ code: 0 });
});

test('where the world moved, it stops with 5 before any write, and names what moved', async () => {
  const one = demo();
  await one.cairn(['up', 'playbooks/demo.yaml']);
  one.set('blue');
  expect(await one.cairn(['plan', 'playbooks/demo.yaml', '--exit-code'])).toMatchObject({ code: 3 });
  await plan(one);
  await rig.kubectl(['patch', '-n', one.namespace, 'configmap/colours', '-p', '{"data":{"door":"green"}}']);
  const ran = await one.cairn(['up', 'demo.plan']);
  expect(ran.code).toBe(5);
  expect(ran.stderr).toContain('the world changed since the plan was made');
  expect(ran.stderr).toContain('ConfigMap saved-plan-2/colours moved since the plan was made');
  expect(ran.stderr).toContain('data.door  red  →  green');
  expect(ran.stderr).toContain('cairn plan playbooks/demo.yaml');
  expect(await get(one, 'configmap/colours')).toBe('green');
  expect(readFileSync(join(one.root, 'colour'), 'utf8')).toBe('red\n');
});

test('what is drift by a secret value is named without the value', async () => {
  const one = demo();
  await one.cairn(['up', 'playbooks/demo.yaml']);
  await rig.kubectl([
    'patch',
    '-n',
    one.namespace,
    'secret/login',
    '-p',
    '{"stringData":{"password":"first-of-them"}}',
  ]);
  await plan(one);
  await rig.kubectl([
    'patch',
    '-n',
    one.namespace,
    'secret/login',
    '-p',
    '{"stringData":{"password":"second-of-them"}}',
  ]);
  const ran = await one.cairn(['up', 'demo.plan']);
  expect(ran.code).toBe(5);
  expect(ran.stderr).toContain("data.password  changed, in what plans don't show");
  expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/(first|second)-of-them/);
});

test('a changed value, a changed secret and a changed step are told together, with 2', async () => {
  const one = demo();
  await plan(one);
  one.set('blue');
  writeFileSync(join(one.root, 'steps/demo/10_things.ts'), step.replace("'A map", "'One map"));
  writeFileSync(join(one.root, 'roles/shop/new.ts'), 'export {};\n');
  const ran = await one.cairn(['up', 'demo.plan'], { LOGIN: 'another-password' });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toBe(`the project is not what the plan was made from
    steps/demo/10_things.ts was changed
    roles/shop/new.ts was added
    colour of demo/10_things on host:localhost was changed
    login of demo/10_things on host:localhost was changed
    make it anew: cairn plan playbooks/demo.yaml --out FILE
1 problem, nothing was touched.
`);
  expect(await rig.kubectl(['get', 'namespace', one.namespace, '--ignore-not-found'])).toBe('');
});

test('in a CI job, the plan is added to the page of the job, whatever else it says', async () => {
  const one = demo();
  const page = join(one.root, 'summary.md');
  writeFileSync(page, 'before\n');
  const words = ['plan', 'playbooks/demo.yaml', '--json'];
  expect(await one.cairn(words, { GITHUB_STEP_SUMMARY: page })).toMatchObject({ code: 0, stderr: '' });
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(/^before\n### Plan for <code>demo<\/code>/);
  expect(text).toContain(`+ ConfigMap ${one.namespace}/colours`);
  expect(text).not.toContain(password);
  const unwritable = await one.cairn(words, { GITHUB_STEP_SUMMARY: one.root });
  expect(unwritable).toMatchObject({ code: 0, stderr: expect.stringContaining('summary was not written: EISDIR') });
});

test('a file that is damaged, of another version or of another release is refused with 2', async () => {
  const one = demo();
  await plan(one);
  const file = join(one.root, 'demo.plan');
  const text = readFileSync(file, 'utf8');
  const refused = async (content: string): Promise<string> => {
    writeFileSync(file, content);
    const { code, stderr } = await one.cairn(['up', 'demo.plan']);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused(text.replace('"create"', '"update"'))).toContain('demo.plan is not what cairn plan wrote');
  expect(await refused(text.slice(0, 500))).toContain('demo.plan is a plan of which the end is missing');
  expect(await refused('hello')).toContain('demo.plan is neither a playbook nor a plan');
  expect(await refused(text.replace('"version": 1', '"version": 2'))).toContain('is a plan of version 2');
});

test('a plan brings its own selection, and takes no secret along from the command line', async () => {
  const one = demo();
  await plan(one);
  const more = await one.cairn(['up', 'demo.plan', '--set', 'colour=blue']);
  expect(more).toMatchObject({ code: 2, stderr: expect.stringContaining('brings its own inventory and selection') });
  const words = ['plan', 'playbooks/demo.yaml', '--set', 'login=secret', '--out', 'other.plan'];
  expect(await one.cairn(words)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--set login is a secret, and a saved plan holds none'),
  });
  expect(await one.cairn(['plan', 'playbooks/demo.yaml', '--set', 'colour=blue', '--out', 'blue.plan'])).toMatchObject({
    code: 0,
  });
  expect(await one.cairn(['up', 'blue.plan'])).toMatchObject({ code: 0 });
  expect(await get(one, 'configmap/colours')).toBe('blue');
});
