import type { HarborReader, HarborWriter, RestWritten } from '../../model/rest.ts';
import { type Fields, isFields, isSame, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';

export interface ProjectId {
  readonly name: string;
}

/** Settings of a project, as the API names them; what is left out stays as it is. */
export interface ProjectWant extends Absent {
  /** True: anybody may pull. Default for a new one: false. */
  readonly public?: boolean;
  /** Images are scanned as they are pushed. */
  readonly auto_scan?: boolean;
  /** Bytes that all its images may take; -1: as many as there are. Default for a new one: as Harbor is set up. */
  readonly storage_limit?: number;
}

export interface ProjectOut {
  readonly id: string;
  readonly name: string;
}

/** A project of a Harbor: repositories, and who may pull from them and push to them. */
export const project = thing<'harbor', ProjectId, ProjectWant, ProjectOut>('harbor', {
  name: 'harbor/project',
  identity: ['name'],
  address: ({ name }) => `Project/${encodeURIComponent(name)}`,
  title: ({ name }) => `Project ${name}`,
  holds: ({ name }, _, other) => isFields(other) && other.project === name,
  async look({ name }, from) {
    const found = await projectAt(name, from);
    if (!found) return null;
    const { public: isPublic, auto_scan } = isFields(found.metadata) ? found.metadata : {};
    const fields = {
      public: isPublic === 'true',
      auto_scan: auto_scan === 'true',
      storage_limit: await limitOf(name, from),
    };
    return { id: String(found.project_id), fields: normalFields(fields) };
  },
  make: ({ name }, goal, to) =>
    to.create('projects', {
      project_name: name,
      metadata: { public: 'false', ...metadataOf(goal) },
      ...(goal.storage_limit === undefined ? {} : { storage_limit: goal.storage_limit }),
    }),
  async alter({ name }, { from, to: goal }, to) {
    const isElse = !isSame(metadataOf(from.fields), metadataOf(goal));
    const path = pathOf(name);
    const done: RestWritten = isElse ? await to.put(path, { metadata: metadataOf(goal) }) : { is: 'written' };
    if (done.is !== 'written' || from.fields.storage_limit === goal.storage_limit) return done;
    return await setLimit(from.id, goal.storage_limit, to);
  },
  async drop({ name }, _, to) {
    for (const repository of await repositoriesOf(name, to)) await to.remove(repositoryPath(name, repository));
    return to.remove(pathOf(name));
  },
  out: ({ id }, { name }) => ({ id, name }),
  async loss({ name }, _, from) {
    const found = await repositoriesOf(name, from);
    if (found.length === 0) return { is: 'none' };
    const more = found.length > 5 ? ` and ${found.length - 5} more` : '';
    const why = `the images of ${name} go too: ${found.slice(0, 5).join(', ')}${more}`;
    return { is: 'data', why, saveFirst: `copy them to another registry, with skopeo for instance` };
  },
});

/** A project as the API gives it; null where there is none. */
export async function projectAt(name: string, from: HarborReader): Promise<Fields | null> {
  const found = await from.get(pathOf(name));
  return isFields(found) ? found : null;
}

function pathOf(name: string): string {
  return `projects/${encodeURIComponent(name)}`;
}

function metadataOf(fields: Fields): Fields {
  return Object.fromEntries(
    (['public', 'auto_scan'] as const).flatMap((key) =>
      fields[key] === undefined ? [] : [[key, String(fields[key])]],
    ),
  );
}

// A Harbor without quotas says nothing of one.
async function limitOf(name: string, from: HarborReader): Promise<unknown> {
  const summary = await from.get(`${pathOf(name)}/summary`);
  const quota = isFields(summary) && isFields(summary.quota) ? summary.quota : {};
  return isFields(quota.hard) ? quota.hard.storage : undefined;
}

async function setLimit(id: string, storage: unknown, to: HarborWriter): Promise<RestWritten> {
  const [quota] = (await to.list(`quotas?reference=project&reference_id=${id}`)).filter(isFields);
  return quota ? await to.put(`quotas/${quota.id}`, { hard: { storage: storage ?? -1 } }) : { is: 'conflict' };
}

// Without the name of the project in front.
async function repositoriesOf(name: string, from: HarborReader): Promise<readonly string[]> {
  const found = (await from.list(`${pathOf(name)}/repositories`)).filter(isFields);
  return found.map((one) => String(one.name).slice(name.length + 1));
}

// As the API asks for names with a slash in them: encoded twice.
function repositoryPath(name: string, repository: string): string {
  const once = encodeURIComponent(repository);
  return `${pathOf(name)}/repositories/${repository.includes('/') ? encodeURIComponent(once) : once}`;
}
