import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { host, probe, type Resource, role, T } from '@cairnhq/cairn';

/** The throw-away cluster: a node image, a kind cluster made of it, and where both are kept. */
export const kind = role(import.meta, {
  /** The cluster's name; its context is `kind-NAME`. */
  name: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Kubernetes' minor: one that is published for kind (`files/published.txt`), or the one that can be built (`files/binaries.txt`). */
  kubernetes: T.String({ pattern: '^1\\.\\d+$' }),
  /** Absolute folder for what was built, by version; survives the cluster. */
  cache: T.String({ pattern: '^/' }),
  /** Absolute folder of the cluster's own kubeconfig, settings and audit log; goes with the cluster. */
  state: T.String({ pattern: '^/' }),
  /** Absolute folder for the recipe on the host, where that is another machine; the one above it must be there. Left out, it is read from where it lies here. */
  recipe: T.Optional(T.String({ pattern: '^/' })),
});

interface Vars {
  readonly name: string;
  readonly kubernetes: string;
  readonly cache: string;
  readonly state: string;
  readonly recipe?: string;
}

/** Where a script of the recipe lies on the host. */
function script({ recipe }: Vars, name: string): string {
  return recipe === undefined ? kind.file(name) : `${recipe}/${name}`;
}

/** The recipe on a host that is another machine; nothing where it is read from here. */
export function recipeFiles({ recipe }: Vars): Readonly<Record<string, Resource<unknown>>> {
  if (recipe === undefined) return {};
  const entries = readdirSync(kind.file('.'), { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: relative(kind.file('.'), join(entry.parentPath, entry.name)) }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const made = entries.map(({ entry, path }): [string, Resource<unknown>] => [
    path,
    entry.isDirectory()
      ? host.directory({ path: `${recipe}/${path}` })
      : host.file({
          path: `${recipe}/${path}`,
          content: kind.read(path),
          mode: path.endsWith('.sh') ? '0755' : '0644',
        }),
  ]);
  return { recipe: host.directory({ path: recipe }), ...Object.fromEntries(made) };
}

/** The programs that the recipe builds, by `files/binaries.txt`: name and version. */
function binaries(): readonly { readonly name: string; readonly version: string }[] {
  return kind
    .read('binaries.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .map(([name = '', version = '']) => ({ name, version }));
}

function versionOf(name: string): string {
  const found = binaries().find((binary) => binary.name === name);
  if (!found) throw new Error(`roles/kind/files/binaries.txt has no line for ${name}`);
  return found.version;
}

/** The path of a built program. */
function binary({ cache }: Pick<Vars, 'cache'>, name: string): string {
  return `${cache}/bin/${name}-${versionOf(name)}`;
}

/** Docker where it really starts a privileged container, else Podman. */
export function containerEngine() {
  return probe({
    id: 'container engine',
    async read({ host }) {
      const { status, stdout } = await host.ask({
        ask: 'run',
        argv: ['sh', '-s'],
        stdin: kind.read('engine.sh'),
        timeout: 90,
      });
      return { name: status === 0 ? stdout.trim() : 'podman' };
    },
  });
}

/** Builds one program of `binaries.txt` from its Go module. */
export function goBinary(vars: Vars, name: string, usually: string) {
  const path = binary(vars, name);
  return host
    .command({
      id: `build-${name}`,
      argv: ['sh', script(vars, 'go-binary.sh'), vars.cache, name],
      creates: path,
      undo: ['rm', '-f', path],
      usually,
    })
    .keep('built programs stay in the cache');
}

/** The node image as an archive in the cache: the published one, or one built from packages. */
export function nodeImage(vars: Vars) {
  const { cache, kubernetes } = vars;
  const path = `${cache}/images/kind-node-${kubernetes}.tar.zst`;
  return host
    .command({
      id: 'node-image',
      argv: ['sh', script(vars, 'node-image.sh'), cache, kubernetes],
      creates: path,
      undo: ['rm', '-f', path],
      usually: '8 min',
    })
    .keep('built images stay in the cache');
}

/** The cluster itself, up and answering. */
export function cluster(vars: Vars) {
  const { cache, state, name, kubernetes } = vars;
  return host.command({
    id: `cluster-${name}`,
    argv: ['sh', script(vars, 'cluster-up.sh'), cache, state, name, kubernetes],
    unless: [
      binary(vars, 'kubectl'),
      '--kubeconfig',
      `${state}/kubeconfig`,
      '--request-timeout',
      '5s',
      'get',
      '--raw',
      '/readyz',
    ],
    undo: ['sh', script(vars, 'cluster-down.sh'), cache, state, name],
    timeout: 600,
    usually: '25 s',
  });
}
