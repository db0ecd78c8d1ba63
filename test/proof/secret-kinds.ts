/** One way by which a type takes a secret, and how that comes to fail. */
export interface SecretKind {
  readonly name: string;
  /** Text of the resource: `token` and `hash` are secret; `at` makes paths, `site` is a server that wants the token. */
  readonly resource: string;
  /** Its disk is full; its account is locked; it ends with a status; the server refuses. */
  readonly fails: 'disk' | 'lock' | 'status' | 'server';
  /** The environment variable from which its program takes the secret, where there is no other way. */
  readonly variable?: string;
}

const script =
  "['sh', '-c', 'read -r line; sleep 0.2; printf %s \"$line\" >\"$1\"; exit \"$2\"', 'sh', at('stdin'), status]";

/** Every type of hosts that takes a secret. Passwords to sign in and to become root go along with each. */
export const secretKinds: readonly SecretKind[] = [
  {
    name: 'file',
    resource: "host.file({ path: at('file'), content: text`token=${token}`, mode: '0600' })",
    fails: 'disk',
  },
  {
    name: 'file, validated',
    resource:
      "host.file({ path: at('file'), content: text`token=${token}`, validate: ['sh', '-c', 'sleep 0.2; exit \"$1\"', 'sh', status, '%s'] })",
    fails: 'status',
  },
  { name: 'line', resource: "host.line({ path: at('line'), line: text`token=${token}` })", fails: 'disk' },
  {
    name: 'block',
    resource: "host.block({ path: at('block'), name: 'ours', content: text`token ${token}` })",
    fails: 'disk',
  },
  { name: 'iniValue', resource: "host.iniValue({ path: at('ini'), at: ['a', 'token'], value: token })", fails: 'disk' },
  { name: 'jsonValue', resource: "host.jsonValue({ path: at('json'), at: ['token'], value: token })", fails: 'disk' },
  { name: 'yamlValue', resource: "host.yamlValue({ path: at('yaml'), at: ['token'], value: token })", fails: 'disk' },
  { name: 'tomlValue', resource: "host.tomlValue({ path: at('toml'), at: ['token'], value: token })", fails: 'disk' },
  { name: 'user', resource: "host.user({ name: 'canary', passwordHash: hash, createHome: false })", fails: 'lock' },
  {
    name: 'script',
    resource:
      "host.script({ id: 'script', creates: at('script'), content: text`# ${token}\\nsleep 0.2; touch ${at('script')}; exit ${status}` }).keep('a try')",
    fails: 'status',
  },
  {
    name: 'command, stdin',
    resource: `host.command({ id: 'stdin', creates: at('stdin'), argv: ${script}, stdin: token }).keep('a try')`,
    fails: 'status',
  },
  {
    name: 'command, env',
    resource:
      "host.command({ id: 'env', creates: at('env'), env: { TOKEN: token }, argv: ['sh', '-c', 'sleep 0.2; touch \"$1\"; exit \"$2\"', 'sh', at('env'), status] }).keep('a try')",
    fails: 'status',
    variable: 'TOKEN',
  },
  {
    name: 'gitCheckout, authorization',
    resource:
      "host.gitCheckout({ path: at('site'), url: site + '/page.git', revision: 'main', authorization: text`Bearer ${token}` })",
    fails: 'server',
    variable: 'GIT_CONFIG_VALUE_3',
  },
  {
    name: 'venv, index',
    resource:
      "host.venv({ path: at('venv'), packages: { 'demo-app': '1.1' }, indexUrl: derive([token], (plain) => site.replace('//', '//ci:' + plain + '@') + '/simple/') })",
    fails: 'server',
    variable: 'PIP_INDEX_URL',
  },
];

/** The file of a step that declares just this. */
export function stepOf({ resource }: SecretKind): string {
  return `
import { derive, host, restore, secret, step, T, text } from '@cairnhq/cairn';

export default step({
  summary: 'A secret',
  on: 'hosts',
  vars: T.Object({ folder: T.String(), site: T.String(), token: secret(), hash: secret(), status: T.String() }),
  resources: ({ vars: { folder, site, token, hash, status } }) => {
    const at = (name: string): string => folder + '/' + name;
    return { it: ${resource} };
  },
  undo: restore,
});
`;
}
