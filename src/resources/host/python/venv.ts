import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, Operation, RunSpec } from '../../../model/host.ts';
import type { Secret } from '../../../model/secret.ts';
import { plainPath } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';

export interface VenvId {
  /** Absolute: the folder of the environment. */
  readonly path: string;
  /** Who makes it, and owns what is in it; default: the user of the connection. */
  readonly user?: string;
}

export interface VenvWant extends Absent {
  /** All that is in it, by exact version, what packages need among it: `{ flask: '3.0.3', … }`. Required unless `absent`. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Where packages come from; default: as pip is set up on the host. May hold a login. */
  readonly indexUrl?: string | Secret;
  /** The interpreter that it is made with; default `python3`. */
  readonly python?: string;
}

export interface VenvState {
  /** `flask==3.0.3`, by normal names, sorted. */
  readonly packages: readonly string[];
}

/** Seconds for what comes over the network. */
const patience = 1800;
// They come with the environment itself.
const brought: ReadonlySet<string> = new Set(['pip', 'setuptools', 'wheel']);

/** A virtual environment of Python that holds exactly these packages. Undo gives back those that were in it. */
export const venv = stateType<VenvId, VenvWant, VenvState>({
  name: 'venv',
  identity: ['path', 'user'],
  address: ({ path }) => `venv${plainPath(path)}`,
  title: ({ path }) => `virtual environment ${path}`,
  place: ({ path }) => path,
  isWhole: true,
  fields: ['packages'],
  look: async (id, from) => {
    const [folder, settings] = await Promise.all([
      from.ask({ ask: 'stat', path: id.path }),
      from.ask({ ask: 'stat', path: `${id.path}/pyvenv.cfg` }),
    ]);
    if (folder === null) return null;
    if (settings?.kind !== 'file') throw noVenv(id);
    return { packages: await installed(id, from) };
  },
  wish: ({ packages }, live) => (packages === undefined ? {} : { packages: wholeOf(packages, live) }),
  steps: async ({ id, from, to, want }, host) => {
    if (to === null) return { operations: [{ do: 'run', ...owned(id, ['rm', '-rf', '--', id.path]) }] };
    if (to.packages === undefined) throw noPackages(id);
    if (from) return { operations: changes(id, { from: from.packages, to: to.packages }, want?.indexUrl) };
    const python = want?.python ?? 'python3';
    await needTools([python], "declare host.package({ name: 'python3-venv' }) before it", host);
    return {
      guards: [{ question: { ask: 'stat', path: id.path }, expected: null }],
      operations: [
        { do: 'run', ...owned(id, [python, '-m', 'venv', id.path]), timeout: patience },
        ...changes(id, { from: [], to: to.packages }, want?.indexUrl),
      ],
    };
  },
});

function owned({ user }: VenvId, argv: RunSpec['argv']): RunSpec {
  return { argv, ...(user === undefined ? {} : { user }) };
}

// The index by the environment: it may hold a login.
function pip(id: VenvId, words: readonly string[], indexUrl?: string | Secret): RunSpec {
  return {
    ...owned(id, [`${id.path}/bin/python`, '-m', 'pip', ...words]),
    env: {
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PYTHONNOUSERSITE: '1',
      ...(indexUrl === undefined ? {} : { PIP_INDEX_URL: indexUrl }),
    },
    timeout: patience,
  };
}

async function installed(id: VenvId, from: HostReader): Promise<readonly string[]> {
  const { status, stdout, stderr } = await from.ask({
    ask: 'run',
    ...pip(id, ['list', '--format', 'json']),
    timeout: 120,
  });
  const detail = stderr.split('\n').filter((line) => line.trim() !== '');
  if (status === 0) {
    const list = JSON.parse(stdout) as readonly { readonly name: string; readonly version: string }[];
    return list.map(({ name, version }) => `${normal(name)}==${version}`).sort();
  }
  throw new CairnError(
    problem('unreadable', `could not list what is in ${id.path}: ${detail.at(-1) ?? `status ${status}`}`, {
      detail,
      help: 'its interpreter or its pip may be broken: move it away, and it is made anew',
    }),
  );
}

// As PEP 503 has it.
function normal(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

// What the environment brought along stays unless it is named.
function wholeOf(packages: Readonly<Record<string, string>>, live: VenvState | null): readonly string[] {
  const named = Object.entries(packages).map(([name, version]) => pin(name, version));
  const names = new Set(named.map(nameOf));
  const stays = (live?.packages ?? []).filter((one) => brought.has(nameOf(one)) && !names.has(nameOf(one)));
  return [...named, ...stays].sort();
}

function pin(name: string, version: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name) && /^[0-9][0-9A-Za-z.!+_-]*$/.test(version))
    return `${normal(name)}==${version}`;
  throw new CairnError(
    problem('bad-pin', `${JSON.stringify(name)} ${JSON.stringify(version)} is no package of one exact version`, {
      help: "name each package and its version, as pip freeze has them: { flask: '3.0.3' }",
    }),
  );
}

function nameOf(pinned: string): string {
  return pinned.slice(0, pinned.indexOf('=='));
}

// Nothing that isn't named comes along; `pip check` then names what a package needs and doesn't have.
function changes(
  id: VenvId,
  { from, to }: { readonly from: readonly string[]; readonly to: readonly string[] },
  indexUrl: string | Secret | undefined,
): readonly Operation[] {
  const names = new Set(to.map(nameOf));
  const added = to.filter((one) => !from.includes(one));
  const gone = from.map(nameOf).filter((name) => !names.has(name));
  const run = (words: readonly string[]): Operation => ({ do: 'run', ...pip(id, words, indexUrl) });
  return [
    ...(added.length > 0 ? [run(['install', '-q', '--no-deps', ...added])] : []),
    ...(gone.length > 0 ? [run(['uninstall', '-q', '-y', ...gone])] : []),
    ...(to.length > 0 ? [run(['check'])] : []),
  ];
}

function noVenv({ path }: VenvId): CairnError {
  return new CairnError(
    problem('in-the-way', `${path} is there, and is no virtual environment`, {
      help: 'move it away by hand, or choose another path',
    }),
  );
}

function noPackages({ path }: VenvId): CairnError {
  return new CairnError(
    problem('no-content', `the virtual environment ${path} has neither packages nor absent: true`, {
      help: 'say what is in it, even if it is nothing: {}',
    }),
  );
}
