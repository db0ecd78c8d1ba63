import { action, type HttpRequest, type Resource } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { askResult, claim, isServed, rootLogin, type Vars } from './api.ts';
import { names } from './index.ts';

/** The public index as devpi mirrors it. Its list of half a million projects stays where it is. */
interface Mirror {
  readonly type: 'mirror';
  /** Left out: the one that devpi begins with. */
  readonly mirror_url?: string;
  readonly mirror_no_project_list: true;
}

/** The index of our own packages: a release, once uploaded, stays what it is. */
interface Stage {
  readonly type: 'stage';
  readonly volatile: false;
  readonly bases: readonly string[];
  readonly acl_upload: readonly string[];
}

/** A request about one index, as root. */
type Ask = (request: HttpRequest) => Promise<unknown>;

/** The mirror of the public index. */
export function mirror(vars: Vars): Resource<Mirror> {
  const { publicIndex } = vars.devpi;
  const origin = publicIndex === 'default' ? {} : { mirror_url: publicIndex };
  return packageIndex<Mirror>(vars, names.mirror, { type: 'mirror', mirror_no_project_list: true, ...origin }, []);
}

/** The index that packages are uploaded to and installed from, upon the mirror where there is one. */
export function packages(vars: Vars, after: readonly Resource<unknown>[]): Resource<Stage> {
  return packageIndex<Stage>(vars, vars.devpi.index, stage(vars), after);
}

/** What the index of our packages must be. */
export function stage({ devpi: { publicIndex, adminUser } }: Vars): Stage {
  const bases = publicIndex === '' ? [] : [names.mirror];
  return { type: 'stage', volatile: false, bases, acl_upload: [adminUser] };
}

function packageIndex<State extends Mirror | Stage>(
  vars: Vars,
  name: string,
  want: State,
  after: readonly Resource<unknown>[],
): Resource<State> {
  const path = `/${name}`;
  return action<object>(
    {
      id: `devpi-index-${name}`,
      want,
      async read(world) {
        return (await isServed(vars, world)) ? settingsOf(await askResult(vars, world, `${path}?no_projects=`)) : null;
      },
      async run(world, { want: json, state }) {
        const method = state === null ? 'PUT' : 'PATCH';
        await askResult(vars, world, path, { method, basic: await rootLogin(vars, world), json });
      },
      async undo(world, before) {
        const basic = await rootLogin(vars, world);
        const ask: Ask = (request) => askResult(vars, world, path, { ...request, basic });
        if (before !== null) await giveBack(ask, { want, before });
        else if (await isEmpty(vars, world, name)) await remove(ask);
        else world.progress(`index ${name} holds packages: it stays, and goes with the claim`);
      },
    },
    { after, inside: claim(vars) },
  ) as Resource<State>;
}

// What it wasn't told before, devpi drops in a request of its own.
async function giveBack(ask: Ask, { want, before }: { readonly want: object; readonly before: object }): Promise<void> {
  await ask({ method: 'PATCH', json: before });
  const added = Object.keys(want).filter((key) => !(key in before));
  if (added.length > 0) await ask({ method: 'PATCH', json: added.map((key) => `${key}-=`) });
}

// devpi removes no index whose releases are final.
async function remove(ask: Ask): Promise<void> {
  await ask({ method: 'PATCH', json: ['volatile=True'] });
  await ask({ method: 'DELETE' });
}

/** True when nothing was uploaded to an index. A mirror holds nothing of its own. */
async function isEmpty(vars: Vars, outside: Outside, name: string): Promise<boolean> {
  const { type, projects = [] } = (await askResult(vars, outside, `/${name}`)) ?? {};
  return type === 'mirror' || (projects as readonly string[]).length === 0;
}

// Of what the server says of an index, what a step may wish.
function settingsOf(config: Readonly<Record<string, unknown>> | null): object | null {
  if (config === null) return null;
  const { type, bases, volatile, acl_upload, mirror_url, mirror_no_project_list } = config;
  const settings = { type, bases, volatile, acl_upload, mirror_url, mirror_no_project_list };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
