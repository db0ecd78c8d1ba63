import type { GitRemote, GitWriter } from '../../../src/model/git.ts';
import type { WorldReader, WorldWriter } from '../../../src/model/ports.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { contentsType } from '../../../src/resources/git/contents.ts';
import { contractSuite, type TestWorld } from '../suite.ts';

/** A repository with a branch `main` in which somebody else's README is. */
export interface Repository {
  readonly remote: GitRemote;
  readonly git: GitWriter;
  /** Somebody else's commit. */
  push(files: Readonly<Record<string, string | null>>): Promise<void>;
  /** The files of the branch and their texts. */
  tree(): Promise<unknown>;
  pushes(): number | Promise<number>;
  /** Takes its host away. */
  break(): Promise<void>;
}

type Type = ResourceType<'world', object, object, object, object>;
type GitWorld = TestWorld<'world'> & Repository;

const [web, old] = ['manifests/web.yaml', 'old.yaml'];

/** Registers what `git.contents` passes on the fake and on a real host alike. */
export function gitSuite(name: string, open: () => Promise<Repository>): void {
  contractSuite<'world', GitWorld, object, object, object, object>({
    name: `contents of a repository on ${name}`,
    type: contentsType as unknown as Type,
    async open() {
      const made = await open();
      const ports = { git: made.git } as WorldReader & WorldWriter;
      return { ...made, reader: ports, writer: ports, writes: () => made.pushes(), close: async () => {} };
    },
    id: ({ remote }) => ({
      repository: { url: remote.url, key: remote.key, knownHosts: remote.knownHosts },
      branch: 'main',
      name: 'manifests',
      paths: [web, old, 'top.yaml'],
    }),
    want: { files: { [web]: 'image: web:1\n', 'top.yaml': 'a: ä\n', [old]: null } },
    drifts: {
      'top.yaml': (world) => world.push({ 'top.yaml': 'theirs\n', 'README.md': 'theirs too\n' }),
      [old]: (world) => world.push({ [old]: 'back\n' }),
    },
    older: (world) => world.push({ 'top.yaml': 'before\n', [old]: 'before\n' }),
    snapshot: (world) => world.tree(),
    unreadable: { 'when its host is gone': (world) => world.break() },
  });
}
