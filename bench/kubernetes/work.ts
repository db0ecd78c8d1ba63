import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The same objects for every contender: so many ConfigMaps in one namespace. */
export interface Work {
  readonly namespace: string;
  readonly count: number;
  /** Holds the files below. */
  readonly folder: string;
}

/** The files of some work, in its folder. */
export const files = {
  objects: 'objects.yaml',
  tasks: 'tasks.json',
  oneTask: 'one-task.json',
  project: 'project',
} as const;

/** Writes the work down as each contender wants it: YAML documents, two Ansible playbooks, a Cairn project. */
export function writeWork(work: Work, access: { readonly kubeconfig: string; readonly context: string }): void {
  const objects = Array.from({ length: work.count }, (_, i) => configMap(work.namespace, i));
  const documents = objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
  const path = join(work.folder, files.objects);
  const tasks = objects.map((object) => ({
    name: object.metadata.name,
    'kubernetes.core.k8s': { state: 'present', definition: object },
  }));
  const oneTask = [{ name: 'all of them', 'kubernetes.core.k8s': { state: 'present', src: path } }];
  write(work, files.objects, documents);
  write(work, files.tasks, play(tasks));
  write(work, files.oneTask, play(oneTask));
  for (const [file, text] of Object.entries(project(work, access))) write(work, join(files.project, file), text);
}

function configMap(namespace: string, i: number) {
  const metadata = { name: `cm-${i}`, namespace, labels: { bench: 'yes' } };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: `value ${i}`, b: 'x'.repeat(200) } };
}

function play(tasks: readonly unknown[]): string {
  return JSON.stringify([{ hosts: 'localhost', gather_facts: false, connection: 'local', tasks }]);
}

function project(
  { namespace, count }: Work,
  access: { readonly kubeconfig: string; readonly context: string },
): Readonly<Record<string, string>> {
  return {
    'package.json': '{ "type": "module" }',
    'cairn.yaml': 'name: bench\ninventory: inventory/local\n',
    'inventory/local/hosts.yaml': 'all: { hosts: { localhost: { ansible_connection: local } } }\n',
    'inventory/local/clusters.yaml': JSON.stringify({ clusters: { bench: access } }),
    'playbooks/bench.yaml': 'components:\n  - { component: bench, cluster: bench }\n',
    'steps/bench/10_objects.ts': `import { k8s, restore, step } from '@cairnhq/cairn';

const one = (i: number) =>
  k8s.configMap({
    namespace: '${namespace}',
    name: \`cm-\${i}\`,
    labels: { bench: 'yes' },
    data: { a: \`value \${i}\`, b: 'x'.repeat(200) },
  });

export default step({
  summary: '${count} ConfigMaps',
  on: 'cluster',
  undo: restore,
  resources: () => Object.fromEntries(Array.from({ length: ${count} }, (_, i) => [\`cm\${i}\`, one(i)])),
});
`,
  };
}

function write({ folder }: Work, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
