import { createHash } from 'node:crypto';
import { tidyApt } from '../../../model/apt.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Operation } from '../../../model/host.ts';
import { guardsFor, lookAt } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';

export interface AptRepositoryId {
  /** Of its file: `docker` makes /etc/apt/sources.list.d/docker.sources. */
  readonly name: string;
}

/** Required unless `absent`: all but `components` and `architectures`. */
export interface AptRepositoryWant extends Absent {
  readonly uri?: string;
  /** Codenames, or one path that ends in a slash where the repository is flat. */
  readonly suites?: readonly string[];
  readonly components?: readonly string[];
  /** Default: those of the host. */
  readonly architectures?: readonly string[];
  /** The public key that signs it, armored: it is believed for this repository alone. */
  readonly key?: string;
}

export interface AptRepositoryState {
  readonly uri: string;
  readonly suites: string;
  readonly components: string;
  readonly architectures: string;
  /** A sum of the key, for people and for comparing. */
  readonly key: string;
  /** The file, verbatim. */
  readonly text: string;
}

const own = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A repository of packages for apt, with its key: one file, and its lists fetched. */
export const aptRepository = stateType<AptRepositoryId, AptRepositoryWant, AptRepositoryState>({
  name: 'aptRepository',
  identity: ['name'],
  address: ({ name }) => `aptRepository/${plainName(name)}`,
  title: ({ name }) => `apt repository ${name}`,
  place: ({ name }) => fileOf(name),
  fields: ['uri', 'suites', 'components', 'architectures', 'key'],
  look: async ({ name }, from) => {
    const file = await lookAt(fileOf(name), from);
    return file && stateOf(Buffer.from(file.content ?? []).toString('utf8'));
  },
  wish: ({ uri, suites, components = [], architectures = [], key }) => ({
    ...(uri === undefined ? {} : { uri }),
    ...(suites === undefined ? {} : { suites: suites.join(' ') }),
    components: components.join(' '),
    architectures: architectures.join(' '),
    ...(key === undefined ? {} : { key: sumOf(key) }),
  }),
  steps: async ({ id: { name }, to, want }, host) => {
    await needTools(['apt-get'], 'apt repositories are for Debian and its kin', host);
    const path = fileOf(name);
    const file = await lookAt(path, host);
    const guards = guardsFor(path, file);
    if (to === null) return { guards, operations: [{ do: 'remove', path }] };
    const { mode, owner, group } = file ?? own;
    const put = (content: string): Operation => ({ do: 'put-file', path, content, mode, owner, group });
    // What is given back may be a repository that has long gone: its lists are fetched by whoever wants them.
    if (want === null) return { guards, operations: [put(to.text ?? '')] };
    return { guards, operations: [put(textOf(name, want)), fetchLists(path)] };
  },
});

function fileOf(name: string): string {
  return `/etc/apt/sources.list.d/${name}.sources`;
}

// Its lists alone: another repository that doesn't answer is no trouble of ours.
function fetchLists(path: string): Operation {
  const only = [`Dir::Etc::SourceList=${path}`, 'Dir::Etc::SourceParts=-', 'APT::Get::List-Cleanup=0'];
  const strict = 'APT::Update::Error-Mode=any';
  const options = [...only, strict, 'DPkg::Lock::Timeout=300'].flatMap((option) => ['-o', option]);
  return { do: 'run', argv: ['sh', '-c', tidyApt, 'apt-get', '-q', ...options, 'update'], timeout: 600 };
}

function textOf(name: string, want: AptRepositoryWant): string {
  const { uri, suites, components = [], architectures = [], key } = want;
  if (uri === undefined || suites === undefined || key === undefined) throw incomplete(name);
  const field = (title: string, words: readonly string[]): readonly string[] =>
    words.length === 0 ? [] : [`${title}: ${words.join(' ')}`];
  const lines = [
    'Types: deb',
    `URIs: ${uri}`,
    `Suites: ${suites.join(' ')}`,
    ...field('Components', components),
    ...field('Architectures', architectures),
    'Signed-By:',
    ...key
      .trim()
      .split('\n')
      .map((line) => ` ${line.trim() === '' ? '.' : line.trimEnd()}`),
  ];
  return `${lines.join('\n')}\n`;
}

function stateOf(text: string): AptRepositoryState {
  const field = (title: string): string => new RegExp(`^${title}:[ \\t]*(.*)$`, 'mi').exec(text)?.[1]?.trim() ?? '';
  const inline = /^Signed-By:[ \t]*\n((?: .*\n?)+)/im.exec(text)?.[1];
  const key =
    inline
      ?.split('\n')
      .map((line) => line.trim().replace(/^\.$/, ''))
      .join('\n') ?? field('Signed-By');
  return {
    uri: field('URIs'),
    suites: field('Suites'),
    components: field('Components'),
    architectures: field('Architectures'),
    key: sumOf(key),
    text,
  };
}

function sumOf(key: string): string {
  const plain = key
    .trim()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return `sha256:${createHash('sha256').update(plain).digest('hex').slice(0, 16)}`;
}

function incomplete(name: string): CairnError {
  return new CairnError(
    problem('repository-incomplete', `apt repository ${name} lacks its uri, suites or key`, {
      help: 'say all three, or absent: true; the key is the text of its .asc file',
    }),
  );
}

function plainName(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return name;
  throw new CairnError(
    problem('bad-repository-name', `apt reads no file named ${JSON.stringify(name)}`, {
      help: 'use letters, digits, _ and -',
    }),
  );
}
