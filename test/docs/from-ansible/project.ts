import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { throwAll } from '../../../src/model/diagnostic.ts';
import type { StepInstance } from '../../../src/model/project.ts';
import { loadProject } from '../../../src/project/load.ts';
import type { Example, Page } from './page.ts';

const checkout = join(import.meta.dirname, '../../..');
const sdk = 'action, derive, gate, host, k8s, probe, requirement, restore, step, text';

/** What the page downloads. */
const tool = 'tool 1.2\n';

/** The names of the steps that examples become, in their order. */
export function stepIds({ rows, members }: Page): readonly string[] {
  return [...rows.map((_, at) => idOf('rows', at)), ...members.map((_, at) => idOf('members', at))];
}

function idOf(component: string, at: number): string {
  return `${component}/${at + 10}_example`;
}

/** Writes a project with everything that the page shows, and what its examples name. @returns its folder */
export function writeProject(page: Page): string {
  const root = mkdtempSync(join(tmpdir(), 'cairn-from-ansible-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of page.files) put(path, text);
  for (const [at, row] of page.rows.entries()) {
    const entry = row.code.startsWith('...') ? row.code : `it: ${row.code}`;
    put(`steps/${idOf('rows', at)}.ts`, stepOf(row, `resources: ({ vars, target }) => ({ ${entry} }),`));
  }
  for (const [at, one] of page.members.entries()) put(`steps/${idOf('members', at)}.ts`, stepOf(one, one.code));
  const components = ['web', 'rows', 'members'].map((name) => `  - { component: ${name}, hosts: web, cluster: kit }\n`);
  put('playbooks/all.yaml', `components:\n${components.join('')}`);
  put('package.json', '{ "type": "module" }\n');
  put('cairn.yaml', 'inventory: inventory/local\n');
  put('inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: { ansible_connection: local } } } } }\n');
  put('inventory/local/clusters.yaml', 'clusters: { kit: { kubeconfig: /none, context: none } }\n');
  putFilesOfRole(root, put);
  mkdirSync(join(root, 'node_modules/@cairnhq'), { recursive: true });
  symlinkSync(checkout, join(root, 'node_modules/@cairnhq/cairn'));
  return root;
}

function stepOf({ on }: Example, members: string): string {
  return `import { ${sdk} } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: 'An example',
  on: '${on}',
  vars: site.vars,
  undo: restore,
  ${members}
});
`;
}

function putFilesOfRole(root: string, put: (path: string, text: string) => void): void {
  const at = 'roles/site/files';
  put(`${at}/tool.conf`, 'level = 1\n');
  put(`${at}/setup.sh`, 'touch /var/lib/site\n');
  put(`${at}/docker.asc`, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n');
  put(`${at}/pages/index.html`, 'hello\n');
  put(`${at}/manifests/settings.yaml`, settingsNamed('from-manifests', 'mode: live'));
  put(`${at}/overlay/settings.yaml`, settingsNamed('from-overlay', 'mode: live'));
  put(`${at}/overlay/kustomization.yaml`, 'namespace: shop\nresources: [settings.yaml]\n');
  put(`${at}/chart/Chart.yaml`, 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  put(`${at}/chart/templates/settings.yaml`, settingsNamed('from-chart', 'replicas: "{{ .Values.replicas }}"'));
  put(`downloads/${createHash('sha256').update(tool).digest('hex')}`, tool);
  put('tool-1.2/bin/tool', '#!/bin/sh\n');
  execFileSync('tar', ['-czf', `${at}/tool.tar.gz`, 'tool-1.2'], { cwd: root });
}

/** Where the project keeps what would come from a network. */
export function downloadsIn(root: string): string {
  return join(root, 'downloads');
}

function settingsNamed(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata:\n  ${data}\n`;
}

/** The steps of the project, as a run would have them. */
export async function instancesIn(root: string): Promise<ReadonlyMap<string, StepInstance>> {
  const { project, problems } = await loadProject({
    root,
    cwd: root,
    playbook: 'playbooks/all.yaml',
    set: [],
    selection: { only: [], set: [] },
    env: { HOME: join(root, 'home'), PATH: process.env.PATH ?? '' },
  });
  throwAll(problems);
  return new Map(project?.instances.map((instance) => [instance.id, instance]));
}
