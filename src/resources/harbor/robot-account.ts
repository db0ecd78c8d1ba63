import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HarborReader, HarborWriter, RestWritten } from '../../model/rest.ts';
import type { Secret } from '../../model/secret.ts';
import { changedFields, type Fields, isFields, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { markOf } from '../thing/wish.ts';
import { projectAt } from './project.ts';

export interface RobotAccountId {
  readonly project: string;
  /** Without what Harbor puts before it: `ci` for `robot$shop+ci`. */
  readonly name: string;
}

export interface RobotAccountWant extends Absent {
  /** What it may do in its project, RESOURCE:ACTION: `repository:pull`, `repository:push`. */
  readonly permissions: readonly string[];
  /** Its password: 8 to 128 characters, with a small and a capital letter and a digit; best a `k8s.generated`. */
  readonly secret: string | Secret;
  /** Days from when it was made until it ends; -1, which is the default for a new one: it doesn't. */
  readonly duration?: number;
  readonly description?: string;
}

export interface RobotAccountOut {
  readonly id: string;
  /** What it logs in as: `robot$shop+ci`. */
  readonly user: string;
}

/** A robot of a project: pulls and pushes images without a person. Whether its registry takes the secret is tried. */
export const robotAccount = thing<'harbor', RobotAccountId, RobotAccountWant, RobotAccountOut>('harbor', {
  name: 'harbor/robotAccount',
  identity: ['project', 'name'],
  phase: () => 1,
  address: ({ project, name }) => `RobotAccount/${encodeURIComponent(project)}/${encodeURIComponent(name)}`,
  title: ({ project, name }) => `RobotAccount ${project}+${name}`,
  sealed: ['secret'],
  always: { disable: false },
  async look({ project, name }, from) {
    const found = await robotAt({ project, name }, from);
    if (!found) return null;
    const { name: user, duration, disable, description } = found;
    const permissions = permissionsOf(found);
    const fields = { user, duration, disable: disable === true, description, permissions };
    return { id: String(found.id), fields: normalFields(fields) };
  },
  async tried(_, { sealed: { secret } }, live, from) {
    if (live === null || typeof secret !== 'string') return {};
    // Nobody lets one in that is disabled: its secret is tried when it no longer is.
    if (live.fields.disable === true) return { secret: markOf(secret) };
    return (await from.accepts(String(live.fields.user), secret)) ? { secret: markOf(secret) } : {};
  },
  async make({ project, name }, goal, to, { sealed }) {
    const made = await to.create('robots', { duration: -1, ...settingsOf(goal), ...ofProject(project, goal), name });
    if (made.is === 'written') await setSecret({ project, name }, sealed.secret, to);
    return made;
  },
  async alter(id, { from, to: goal, sealed }, to) {
    const { secret: _, ...changed } = changedFields(from.fields, goal);
    const { user: name } = from.fields;
    const isElse = Object.keys(changed).length > 0;
    const body = { duration: -1, description: '', ...settingsOf(goal), ...ofProject(id.project, goal), name };
    const done: RestWritten = isElse ? await to.put(`robots/${from.id}`, body) : { is: 'written' };
    if (done.is === 'written') await setSecret(id, sealed.secret, to);
    return done;
  },
  drop: (_, { id }, to) => to.remove(`robots/${id}`),
  out: ({ id, fields }) => ({ id, user: String(fields.user) }),
});

// Names of robots have no plus sign; what stands before the project's is a setting of Harbor.
async function robotAt({ project, name }: RobotAccountId, from: HarborReader): Promise<Fields | null> {
  const owner = await projectAt(project, from);
  if (!owner) return null;
  const query = encodeURIComponent(`Level=project,ProjectID=${owner.project_id}`);
  const robots = (await from.list(`robots?q=${query}`)).filter(isFields);
  return robots.find((one) => String(one.name).endsWith(`${project}+${name}`)) ?? null;
}

function permissionsOf({ permissions }: Fields): readonly string[] {
  const all = Array.isArray(permissions) ? permissions.filter(isFields) : [];
  return all.flatMap(({ access }) =>
    (Array.isArray(access) ? access.filter(isFields) : []).map(
      ({ resource, action, effect }) => `${effect === 'deny' ? 'not ' : ''}${resource}:${action}`,
    ),
  );
}

function settingsOf({ duration, disable, description }: Fields): Fields {
  const all = { duration, disable, description };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function ofProject(project: string, { permissions }: Fields): Fields {
  const access = (Array.isArray(permissions) ? permissions.map(String) : []).map((permission) => {
    const [, not, resource, action] = /^(not )?([^:]+):(.+)$/.exec(permission) ?? [];
    return { resource, action, ...(not === undefined ? {} : { effect: 'deny' }) };
  });
  return { level: 'project', permissions: [{ kind: 'project', namespace: project, access }] };
}

// What Harbor made up at its creation nobody keeps: one that isn't there yet in a run that ended early is set in the next.
async function setSecret(id: RobotAccountId, secret: unknown, to: HarborWriter): Promise<void> {
  if (typeof secret !== 'string') return;
  const found = await robotAt(id, to);
  if (!found || (await to.accepts(String(found.name), secret))) return;
  await to.patch(`robots/${found.id}`, { secret });
  if (await to.accepts(String(found.name), secret)) return;
  throw new CairnError(
    problem('harbor-robot-refused', `Harbor's registry refuses ${found.name} with the secret that was just set`, {
      help: ended(found)
        ? 'it has ended: give it a longer duration, in days from when it was made, or -1'
        : 'see in Harbor whether it is disabled, and whether robots may log in',
    }),
  );
}

function ended({ expires_at }: Fields): boolean {
  return typeof expires_at === 'number' && expires_at > 0 && expires_at * 1000 < Date.now();
}
