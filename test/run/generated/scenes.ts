import fc from 'fast-check';
import { FakeKube, type FakeKubeOptions } from '../../../src/connect/fake/kube.ts';
import { text } from '../../../src/model/deferred.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { Secret } from '../../../src/model/secret.ts';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { directory } from '../../../src/resources/host/directory.ts';
import { file } from '../../../src/resources/host/file.ts';
import { link } from '../../../src/resources/host/link.ts';
import type { ObjectOut } from '../../../src/resources/kubernetes/out.ts';
import { action } from '../../../src/resources/world/action.ts';
import { World } from '../../rig/world.ts';
import { configMap } from '../things.ts';

/** What is at a path, or in a map, before anything was planned; and what happens to it between a plan and its run. */
export type Fact =
  | { readonly is: 'path'; readonly path: string; readonly now: 'absent' | 'directory' | 'link' | PlainFile }
  | { readonly is: 'map'; readonly name: string; readonly now: 'absent' | Data; readonly by: 'kubectl-edit' | 'flux' }
  | { readonly is: 'state'; readonly id: string; readonly now: string };

interface PlainFile {
  readonly content: string;
  readonly mode: string;
}

type Data = Readonly<Record<string, string>>;

/** What a step wishes, and in which of the steps. */
export interface Wish {
  readonly in: number;
  readonly when: boolean;
  readonly of:
    | {
        readonly is: 'file';
        readonly path: string;
        readonly content: string;
        readonly mode?: string;
        readonly secret: boolean;
      }
    | { readonly is: 'directory' | 'link' | 'nothing'; readonly path: string }
    /** `after`: one value is made from what another map turned out to be. */
    | { readonly is: 'map'; readonly name: string; readonly data: Data; readonly after?: string }
    | { readonly is: 'state'; readonly id: string; readonly want: string };
}

export interface Scene {
  readonly facts: readonly Fact[];
  readonly wishes: readonly Wish[];
  readonly drifts: readonly Fact[];
}

const paths = ['/srv/a', '/srv/b', '/srv/c'] as const;
const maps = ['one', 'two', 'three'] as const;
const ids = ['p', 'q'] as const;
const word = fc.constantFrom('x\n', 'y\n', 'x\nlong\nlonger\nx\n', 'x\nlong\nlonger\ny\n');
const mode = fc.constantFrom('0644', '0600');
const data = fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('x', 'y'), { minKeys: 1 });

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    is: fc.constant('path' as const),
    path: fc.constantFrom(...paths),
    now: fc.oneof(
      { weight: 4, arbitrary: fc.record({ content: word, mode }) },
      { weight: 3, arbitrary: fc.constantFrom('absent' as const, 'directory' as const, 'link' as const) },
    ),
  }),
  fc.record({
    is: fc.constant('map' as const),
    name: fc.constantFrom(...maps),
    now: fc.oneof({ weight: 4, arbitrary: data }, { weight: 1, arbitrary: fc.constant('absent' as const) }),
    by: fc.oneof(
      { weight: 6, arbitrary: fc.constant('kubectl-edit' as const) },
      { weight: 1, arbitrary: fc.constant('flux' as const) },
    ),
  }),
  fc.record({ is: fc.constant('state' as const), id: fc.constantFrom(...ids), now: fc.constantFrom('x', 'y', '') }),
);

const wish: fc.Arbitrary<Wish> = fc.record({
  in: fc.nat(2),
  when: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  of: fc.oneof(
    fc.record(
      {
        is: fc.constant('file' as const),
        path: fc.constantFrom(...paths),
        content: word,
        mode,
        secret: fc.boolean(),
      },
      { requiredKeys: ['is', 'path', 'content', 'secret'] },
    ),
    fc.record({
      is: fc.constantFrom('directory' as const, 'link' as const, 'nothing' as const),
      path: fc.constantFrom(...paths),
    }),
    fc.record(
      { is: fc.constant('map' as const), name: fc.constantFrom(...maps), data, after: fc.constantFrom(...maps) },
      { requiredKeys: ['is', 'name', 'data'] },
    ),
    fc.record({ is: fc.constant('state' as const), id: fc.constantFrom(...ids), want: fc.constantFrom('x', 'y') }),
  ),
});

/** A world, what is wished of it, and what somebody does to it meanwhile. Each thing is wished once. */
export const scene: fc.Arbitrary<Scene> = fc.record({
  facts: fc.uniqueArray(fact, { selector: nameOf, maxLength: 8 }),
  wishes: fc.uniqueArray(wish, { selector: ({ of }) => nameOf(of), minLength: 1, maxLength: 8 }),
  drifts: fc.array(fact, { maxLength: 2 }),
});

function nameOf(of: Fact | Wish['of']): string {
  if ('path' in of) return of.path;
  return 'name' in of ? of.name : of.id;
}

/** A scene as a world with the real engine over it. */
export class Stage {
  readonly world: World;
  /** What actions see and change. */
  readonly states = new Map<string, string>();
  /** How often actions changed something. */
  #runs = 0;

  /** @param cluster in place of one where everything goes well */
  constructor({ facts, wishes }: Scene, cluster: FakeKubeOptions = {}) {
    const numbers = [...new Set(wishes.map((one) => one.in))].sort();
    const steps = numbers.map((number) => {
      const own = wishes.filter((one) => one.in === number);
      return [`demo/${number}0_step`, this.#step(own)] as const;
    });
    this.world = new World(Object.fromEntries(steps), { kube: new FakeKube(cluster) });
    this.world.host.files.makeDirectories('/srv');
    for (const one of facts) this.happen(one);
  }

  happen(fact: Fact): void {
    if (fact.is === 'state') this.states.set(fact.id, fact.now);
    else if (fact.is === 'path') this.#lay(fact.path, fact.now);
    else this.#write(fact);
  }

  snapshot(): unknown {
    return { world: this.world.snapshot(), states: [...this.states].filter(([, value]) => value !== '').sort() };
  }

  /** What any write moves on: times of paths, versions of objects. */
  async times(): Promise<unknown> {
    const objects = await Promise.all(
      maps.map((name) => this.world.kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name })),
    );
    const { files } = this.world.host;
    return {
      paths: paths.map((path) => files.changed(path)),
      versions: objects.map((object) => object?.metadata.resourceVersion),
      runs: this.#runs,
    };
  }

  /** How often anything was written at all. */
  writes(): number {
    return this.world.host.changes + this.world.kube.writes + this.#runs;
  }

  #lay(path: string, now: Extract<Fact, { is: 'path' }>['now']): void {
    const { files } = this.world.host;
    const root = { owner: 'root', group: 'root' };
    files.remove(path);
    if (now === 'directory') files.set(path, { kind: 'directory', mode: '0755', ...root });
    else if (now === 'link') files.set(path, { kind: 'link', mode: '0777', target: '/srv/elsewhere', ...root });
    else if (now !== 'absent')
      files.set(path, { kind: 'file', mode: now.mode, content: Buffer.from(now.content), ...root });
  }

  #write({ name, now, by }: Extract<Fact, { is: 'map' }>): void {
    const { kube } = this.world;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name };
    if (now === 'absent') kube.edit(ref, by, () => null);
    else if (by === 'flux') {
      kube.applyAs(by, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data: now });
    } else kube.edit(ref, by, (live) => ({ ...live, data: now }));
  }

  #step(wishes: readonly Wish[]): Step {
    return step({
      summary: 'What is wished',
      on: 'hosts',
      undo: restore,
      resources: () => {
        const made = new Map<string, Resource<unknown>>();
        for (const one of wishes) made.set(nameOf(one.of), this.#resource(one, made));
        return Object.fromEntries(made);
      },
    });
  }

  #resource({ of, when }: Wish, made: ReadonlyMap<string, Resource<unknown>>): Resource<unknown> {
    const more = { when };
    if (of.is === 'file') {
      const content = of.secret ? new Secret(of.content) : of.content;
      return file({ path: of.path, content, ...(of.mode === undefined ? {} : { mode: of.mode }) }, more);
    }
    if (of.is === 'state') return this.#action(of.id, of.want, when);
    if (of.is === 'map') {
      const other = of.after === undefined ? undefined : (made.get(of.after) as Resource<ObjectOut> | undefined);
      const from = other ? { m: text`${other.out.uid}` } : {};
      return configMap('default', of.name, { ...of.data, ...from }, more);
    }
    if (of.is === 'nothing') return file({ path: of.path, absent: true }, more);
    return of.is === 'link' ? link({ path: of.path, target: '/srv/there' }, more) : directory({ path: of.path }, more);
  }

  #action(id: string, want: string, when: boolean): Resource<unknown> {
    const { states } = this;
    const set = (value: string): void => {
      this.#runs += 1;
      states.set(id, value);
    };
    return action<{ value: string }>(
      {
        id,
        want: { value: want },
        read: async () => {
          const value = states.get(id);
          return value === undefined || value === '' ? null : { value };
        },
        run: async () => set(want),
        undo: async (_, before) => set(before?.value ?? ''),
      },
      { when },
    );
  }
}
