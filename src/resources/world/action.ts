import type { Inputs } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { WorldReader, WorldWriter } from '../../model/ports.ts';
import {
  type AnyType,
  declare,
  type FieldChange,
  json,
  type More,
  type Resource,
  type ResourceType,
} from '../../model/resource.ts';
import { fieldsOf } from './fields.ts';

/** What no resource type covers, done by hand but with the engine's rules: it reads its own state, and "changed" is computed. */
export interface ActionSpec<State extends object, Given> {
  /** Unique on its target, for people: `devpi index root/prod`. */
  readonly id: string;
  /** What must hold; compared field by field with what `read` says. */
  readonly want: Inputs<Partial<State>>;
  /** Later values and secrets that `run` needs. */
  readonly given?: Inputs<Given>;
  /** The state as data, null when there is nothing; must change nothing. */
  read(world: WorldReader): Promise<State | null>;
  run(
    world: WorldWriter,
    call: { readonly want: Partial<State>; readonly given: Given; readonly state: State | null },
  ): Promise<void>;
  /** Back to `before`; null: it wasn't there. Left out, the resource or its step must say `keep`. */
  undo?(world: WorldWriter, before: State | null): Promise<void>;
  /** How long `run` usually takes, for people. */
  readonly usually?: string;
}

type Id = Pick<ActionSpec<object, unknown>, 'id' | 'read' | 'run' | 'undo' | 'usually'>;
interface Want {
  readonly want: object;
  readonly given: unknown;
}

const type: ResourceType<'world', Id, Want, object, object> = {
  name: 'action',
  version: 1,
  on: 'world',
  identity: ['id', 'read', 'run', 'undo', 'usually'],
  codec: json<object>(),
  address: ({ id }) => `action/${id}`,
  title: ({ id }) => id,
  silent: ({ undo }) => undo === undefined,
  onlyDeclared: true,
  probes: () => true,
  usually: ({ usually }) => usually,
  async read({ read }, from) {
    const state = await read(from);
    return state === null ? { is: 'absent' } : { is: 'present', live: state };
  },
  diff: (live, want) => ({ changes: want === null ? [] : fieldsOf(live, (want as Want).want), foreign: [] }),
  async write({ id, want, live }, to) {
    const now = await id.read(to);
    if (fieldsOf(now, live).length > 0 || (now === null) !== (live === null)) {
      return { is: 'moved', now: now === null ? { is: 'absent' } : { is: 'present', live: now } };
    }
    if (want === null) return { is: 'written', live: null };
    await id.run(to, { want: want.want, given: want.given, state: now });
    const after = await id.read(to);
    const still = fieldsOf(after, want.want);
    if (after === null || still.length > 0)
      throw stillNot(
        id.id,
        still.map(({ path }) => path),
      );
    return { is: 'written', live: after };
  },
  async restore({ id, before }, to) {
    if (!id.undo) throw new CairnError(problem('no-undo', `${id.id} has no undo`));
    await id.undo(to, before);
    return { is: 'written', live: await id.read(to) };
  },
  compare: (a, b) =>
    a === null || b === null ? (a === b ? [] : [{ path: '(all)', how: 'update', secret: false }]) : between(a, b),
  out: (live) => live,
  loss: () => Promise.resolve({ is: 'none' }),
};

/** What differs between two whole states, also what only the first one has. */
function between(a: object, b: object): readonly FieldChange[] {
  const changed = fieldsOf(a, b);
  const known = new Set(changed.map(({ path }) => path));
  const gone = fieldsOf(b, a).filter(({ path }) => !known.has(path));
  return [...changed, ...gone.map(({ path, how, secret }) => ({ path, how, secret }))];
}

function stillNot(id: string, fields: readonly string[]): CairnError {
  return new CairnError(
    problem('action-without-effect', `${id} ran, but what it wants still isn't so`, {
      detail: fields.length > 0 ? fields.map((path) => `${path} differs`) : ['its read still finds nothing'],
    }),
  );
}

export const actionType = type as unknown as AnyType;

/** Declares an action. */
export function action<State extends object, Given = undefined>(
  spec: ActionSpec<State, Given>,
  more?: More,
): Resource<State> {
  const { want, given, ...id } = spec;
  return declare<State>(actionType, 'managed', id, { want, given }, more);
}
