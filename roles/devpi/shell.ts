import { type Deferred, derive, host, type Probes, probe, type Resource, type VarsOf } from '@cairnhq/cairn';
import { type Own, placesOf, scripts } from './cli.ts';
import { devpi } from './index.ts';

type Vars = VarsOf<typeof devpi>;

/** Of the files that bash reads when one logs in, it reads the first that is there. */
const loginFiles = ['.bash_profile', '.bash_login', '.profile'] as const;
const block = 'devpi helpers';

/** What makes the shells of a user know the scripts. The user's own lines stay as they are. */
export function shellConfig(
  vars: Vars,
  own: Own,
  shell: Deferred<string>,
): Readonly<Record<string, Resource<unknown>>> {
  const files = startFiles(vars);
  const helpers = helpersFile(vars, own);
  // a shell that can't read what it must read ends
  const content = `if [ -r '${helpers.path}' ]; then . '${helpers.path}'; fi`;
  const uses = (name: string, when: Deferred<boolean>, because: string) =>
    host.block(
      { path: `${vars.cliHome}/${name}`, name: block, content, born: { mode: '0644', ...own } },
      { when, because },
    );
  const is = (name: string): Deferred<boolean> => derive([shell], (found) => found === name);
  const logsIn = loginFiles.map((name) => {
    const when = derive([shell, files.out.login], (found, login) => found === 'bash' && login === name);
    return [name, uses(name, when, 'a login shell comes past the helpers without it')] as const;
  });
  return {
    files,
    helpers: helpers.file,
    bash: uses('.bashrc', is('bash'), 'bash is not the login shell'),
    ...Object.fromEntries(logsIn),
    zsh: uses('.zshrc', is('zsh'), 'zsh is not the login shell'),
    ...fishFiles(vars, own),
  };
}

function dataOf(vars: Vars) {
  const { apiHost, index, adminUser, publicIndex, cliTrust } = vars;
  // uv asks no other index then
  const uvIndex = publicIndex === '' ? '' : `https://${apiHost}/${index}/+simple/`;
  return { index, adminUser, cliTrust, uvIndex, scripts: placesOf(vars).scripts, names: scripts.join(' ') };
}

function helpersFile(vars: Vars, own: Own) {
  const path = `${placesOf(vars).scripts}/helpers.sh`;
  const content = devpi.template('cli/helpers.sh', dataOf(vars));
  return { path, file: host.file({ path, content, mode: '0644', ...own }) };
}

function fishFiles(vars: Vars, own: Own): Readonly<Record<string, Resource<unknown>>> {
  const config = `${vars.cliHome}/.config`;
  const content = devpi.template('cli/devpi.fish', dataOf(vars));
  return {
    config: host.directory.existing({ path: config }),
    fishFolder: host.directory({ path: `${config}/fish`, ...own }),
    fishStart: host.directory({ path: `${config}/fish/conf.d`, ...own }),
    fish: host.file({ path: `${config}/fish/conf.d/devpi.fish`, content, mode: '0644', ...own }),
  };
}

/** `login`: the file that has to name the helpers for bash; empty where it reads `.bashrc` anyway. */
function startFiles({ cliUser, cliHome }: Vars) {
  return probe({
    id: `start files of ${cliUser}`,
    async read({ host: reader }) {
      const paths = loginFiles.map((name) => `${cliHome}/${name}`);
      const states = await Promise.all(paths.map(async (path) => await reader.ask({ ask: 'stat', path })));
      // a link is one that bash reads, too, and that the block refuses by name
      const first = states.findIndex((state) => state !== null);
      const path = paths[first];
      const content = path === undefined ? null : await reader.ask({ ask: 'content', path });
      const text = new TextDecoder().decode(content ?? new Uint8Array());
      return { login: /^[^#\n]*bashrc/m.test(text) ? '' : (loginFiles[first] ?? '.profile') };
    },
  });
}

/** The shells that must know the helpers: the user's own, and fish where it is installed. Paths. */
export async function shellsOf({ cliUser }: Vars, reader: Probes['host']): Promise<readonly string[]> {
  const [entry, fish] = await Promise.all([
    reader.run({ argv: ['getent', 'passwd', cliUser] }),
    reader.run({ argv: ['sh', '-c', 'command -v fish'] }),
  ]);
  const own = entry.stdout.trim().split(':')[6] ?? '';
  return [...new Set([own, fish.stdout.trim()])].filter((path) => /\/(bash|zsh|fish)$/.test(path));
}
