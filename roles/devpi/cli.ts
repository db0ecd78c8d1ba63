import { type Deferred, host, type Inputs, type Resource, type VarsOf } from '@cairnhq/cairn';
import { devpi } from './index.ts';

type Vars = VarsOf<typeof devpi>;

/** Whose the files are. */
export interface Own {
  readonly owner: string;
  readonly group: Deferred<string>;
}

const client = { name: 'devpi-client', version: '7.3.0' } as const;
/** What users call, in the folder of the scripts. */
export const scripts = ['devpi', 'devpi-use', 'devpi-login', 'devpi-upload', 'devpi-install', 'devpi-backup'] as const;

/** The folder of a user's scripts, and the virtual environment of the client in it. */
export function placesOf({ cliHome }: Vars) {
  const folder = `${cliHome}/devpi-scripts`;
  return { scripts: folder, tools: `${folder}/client` };
}

/** The scripts, in a folder of the user's. */
export function scriptFiles(vars: Vars, own: Own): Readonly<Record<string, Resource<unknown>>> {
  const places = placesOf(vars);
  const { apiHost, index, adminUser, cliTrust } = vars;
  const data = { apiHost, index, adminUser, cliTrust, ...places };
  const file = (name: string, mode: string) =>
    host.file({ path: `${places.scripts}/${name}`, content: devpi.template(`cli/${name}`, data), mode, ...own });
  return {
    folder: host.directory({ path: places.scripts, mode: '0755', ...own }),
    settings: file('settings', '0644'),
    ...Object.fromEntries(scripts.map((name) => [name, file(name, '0755')])),
  };
}

/** The client in a virtual environment of its own, made by the user: nothing of it runs as root. */
export function clientEnvironment(vars: Vars): Resource<unknown> {
  const { tools } = placesOf(vars);
  const complete = `${tools}/complete-${client.version}`;
  const install =
    'rm -rf "$1" && python3 -m venv "$1" && "$1/bin/pip" install --quiet --no-cache-dir "$2" && touch "$3"';
  return host.command({
    id: `devpi-client-of-${vars.cliUser}`,
    argv: asUser(vars, ['sh', '-c', install, 'install', tools, `${client.name}==${client.version}`, complete]),
    creates: complete,
    undo: asUser(vars, ['rm', '-rf', tools]),
    usually: '15 s',
  });
}

/**
 * pip's own settings: the index, and whom to trust. Only where the public index lies beneath ours, since pip asks
 * no other one then.
 */
export function pipSettings(vars: Vars, own: Own): Readonly<Record<string, Resource<unknown>>> {
  const { cliHome, apiHost, index, publicIndex, cliTrust } = vars;
  const config = { config: host.directory({ path: `${cliHome}/.config`, ...own }) };
  if (publicIndex === '') return config;
  const path = `${cliHome}/.config/pip/pip.conf`;
  const born: Inputs<{ mode: string; owner: string; group: string }> = { mode: '0644', ...own };
  const setting = (key: string, value: string) => host.iniValue({ path, at: ['global', key], value, born });
  return {
    ...config,
    pip: host.directory({ path: `${cliHome}/.config/pip`, ...own }),
    pipIndex: setting('index-url', `https://${apiHost}/${index}/+simple/`),
    pipTrust: setting('cert', cliTrust),
  };
}

// Su asks nobody when root calls it.
function asUser({ cliUser }: Vars, argv: readonly string[]): readonly [string, ...string[]] {
  return ['su', '-s', '/bin/sh', '-c', 'cd && exec "$@"', '--', cliUser, 'sh', ...argv];
}
