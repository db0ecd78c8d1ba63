import { action, type HttpRequest, type Resource } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { askResult, isServed, rootLogin, type Vars } from './api.ts';
import { names } from './index.ts';

/** The public index as devpi mirrors it. Its list of half a million projects stays where it is. */
interface Mirror {
  readonly type: 'mirror';
  readonly mirror_url: string;
  readonly mirror_no_project_list: true;
}

/** The index of our own packages: a release, once uploaded, stays what it is. */
interface Stage {
  readonly type: 'stage';
  readonly volatile: false;
  readonly bases: readonly string[];
  readonly acl_upload: readonly string[];
}

/** The mirror of the public index. */
export function mirror(vars: Vars): Resource<Mirror> {
  const want = { type: 'mirror', mirror_url: vars.devpi.publicIndex, mirror_no_project_list: true } as const;
  return packageIndex<Mirror>(vars, names.mirror, want, []);
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
        if (before !== null) await askResult(vars, world, path, { method: 'PATCH', basic, json: before });
        else if (await isEmpty(vars, world, name)) await remove(vars, world, path, basic);
        else world.progress(`index ${name} holds packages: it stays, and goes with the claim`);
      },
    },
    { after },
  ) as Resource<State>;
}

// devpi removes no index whose releases are final.
async function remove(vars: Vars, outside: Outside, path: string, basic: HttpRequest['basic']): Promise<void> {
  const login = basic === undefined ? {} : { basic };
  await askResult(vars, outside, path, { method: 'PATCH', ...login, json: ['volatile=True'] });
  await askResult(vars, outside, path, { method: 'DELETE', ...login });
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
