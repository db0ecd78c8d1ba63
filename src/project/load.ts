import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Selection } from '../model/journal.ts';
import type { JournalSettings, Project, StepInstance } from '../model/project.ts';
import { Secret } from '../model/secret.ts';
import { explainVariable } from './explain.ts';
import { Groups } from './inventory/groups.ts';
import { type Inventory, readInventory } from './inventory/inventory.ts';
import { readJournal } from './inventory/journal.ts';
import { Layers } from './inventory/layers.ts';
import { checkProviders } from './inventory/providers.ts';
import { didYouMean } from './nearest.ts';
import { loadSteps, placeSteps } from './playbook/instances.ts';
import { type Playbook, readPlaybook } from './playbook/playbook.ts';
import { choose } from './playbook/select.ts';
import { Problems } from './problems.ts';
import { type ProjectFile, readProjectFile } from './project-file.ts';
import { checkTools } from './tools.ts';
import { namesOf, readDefaults, rolesOf } from './vars/roles.ts';
import { Secrets } from './vars/secrets.ts';
import { readSet } from './vars/set.ts';
import { checkUnused } from './vars/unused.ts';
import { broken, type Values } from './vars/values.ts';
import { type Env, type Files, namesIn, shown } from './yaml/files.ts';
import { type MapNode, type Node, type SecretNode, walk } from './yaml/node.ts';

export interface LoadOptions {
  /** The folder of `cairn.yaml`, absolute. */
  readonly root: string;
  /** As the user named it: relative to `cwd`, or to the root. */
  readonly playbook: string;
  /** Instead of the project's default. */
  readonly inventory?: string;
  /** `key=value`, values in YAML. */
  readonly set: readonly string[];
  readonly selection: Selection;
  readonly env: Env;
  /** Absolute. */
  readonly cwd: string;
}

export interface Loaded {
  /** Null when there are errors. */
  readonly project: Project | null;
  /** What could be placed all the same: more may be wrong with it. */
  readonly instances: readonly StepInstance[];
  /** By file and position. */
  readonly problems: readonly Diagnostic[];
}

/** Reads a playbook and all it needs. Contacts nothing; finds every problem of the input at once. */
export async function loadProject(options: LoadOptions): Promise<Loaded> {
  const problems = new Problems();
  const files: Files = { root: options.root, env: options.env, problems };
  const file = readProjectFile(files);
  const inventory = readInventory(files, options.inventory ?? file.inventory);
  const path = findPlaybook(files, options);
  const playbook = path === null ? null : readPlaybook(files, path);
  const project = inventory && playbook ? await assemble(files, { file, inventory, playbook, options }) : null;
  return {
    project: problems.hasErrors ? null : project,
    instances: project?.instances ?? [],
    problems: problems.sorted(),
  };
}

function findPlaybook(files: Files, { playbook, cwd, root }: LoadOptions): string | null {
  const found = [resolve(cwd, playbook), resolve(root, playbook)].find((path) => existsSync(path));
  if (found !== undefined) return found;
  const names = namesIn(resolve(root, 'playbooks')).map((name) => `playbooks/${name}`);
  files.problems.error(
    'no-playbook',
    `the playbook ${playbook} does not exist`,
    undefined,
    didYouMean(playbook, names),
  );
  return null;
}

interface Read {
  readonly file: ProjectFile;
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly options: LoadOptions;
}

async function assemble(files: Files, { file, inventory, playbook, options }: Read): Promise<Project> {
  const set = readSet(files, options.set);
  const loaded = await loadSteps(files, playbook.components);
  const steps = loaded.flatMap(({ steps: own }) => own.map(({ step }) => step));
  const defaults = readDefaults(
    files,
    steps.flatMap(({ vars }) => rolesOf(vars)),
  );
  const secrets = new Secrets(files);
  const journal = await readJournal(
    files,
    { project: file.name, inventory: inventory.shown },
    inventory.journal,
    secrets,
  );
  await secrets.open(secretsIn({ inventory, playbook, set, defaults }), journal.identities);
  const groups = new Groups(files, inventory);
  const layers = new Layers({ files, secrets, inventory, groups, defaults, set });
  const placed = loaded.flatMap((component) => placeSteps({ files, inventory, groups, layers }, component));
  checkTools(files, playbook);
  checkProviders(files, inventory);
  await checkUnused(
    files,
    { inventory, playbook, set, defaults },
    steps.flatMap(({ vars }) => namesOf(vars)),
  );
  const chosen = choose(files, placed, options.selection, { inventory, groups });
  const texts = textsOf(files, playbook, layers);
  return {
    root: files.root,
    name: playbook.name,
    playbook: shown(files, playbook.file),
    inventory: inventory.shown,
    instances: chosen.map(({ instance }) => instance),
    journal: journal satisfies JournalSettings,
    ...texts,
    explain: (key) => explainVariable(key, placed),
  };
}

function secretsIn({
  inventory,
  playbook,
  set,
  defaults,
}: Omit<Read, 'file' | 'options'> & { set: MapNode; defaults: MapNode }): readonly SecretNode[] {
  const owners = [...inventory.groups.values(), ...inventory.hosts.values(), playbook];
  const components = playbook.components.flatMap((component) => [component, component.playbook]);
  const maps = new Set<Node>([...[...owners, ...components].map(({ vars }) => vars), set, defaults]);
  return [...maps].flatMap((map) => [...walk(map)]).filter((node) => node.is === 'secret');
}

function textsOf(files: Files, playbook: Playbook, layers: Layers): Pick<Project, 'farewell' | 'confirm'> {
  if (!playbook.farewell && !playbook.confirm) return {};
  const values = layers.ofPlaybook(playbook);
  const farewell = textOf(files, 'farewell', playbook.farewell, values);
  const confirm = textOf(files, 'confirm', playbook.confirm, values);
  return { ...(farewell === undefined ? {} : { farewell }), ...(confirm === undefined ? {} : { confirm }) };
}

function textOf(files: Files, key: string, node: Node | undefined, values: Values): string | undefined {
  if (!node) return undefined;
  const value = values.of(node);
  if (value === broken) return undefined;
  if (value instanceof Secret) {
    files.problems.error('plain-secret', `${key} would show a secret`, node.source, 'say where to find it instead');
    return undefined;
  }
  if (typeof value === 'string') return value;
  files.problems.error('wrong-type', `${key} must be a text`, node.source);
  return undefined;
}
