import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Farm, FarmHost } from './farm.ts';
import { type Scenario, scenarios, type Task } from './workloads.ts';

/** Beneath the farm's folder. */
export const projectFolder = 'cairn';

const handlebars = '# managed\nhost = {{ host }}\n{{#each items}}\nentry.{{ @index }} = {{ this }}\n{{/each}}\n';

/** Writes a project as a user would: an inventory, a role with files and a template, a playbook and a step for each scenario. */
export function writeCairnProject(farm: Farm): void {
  const put = (file: string, text: string): void => write(join(farm.folder, projectFolder, file), text);
  put('package.json', '{ "type": "module" }');
  put('cairn.yaml', 'name: bench\ninventory: inventory/near\n');
  put(
    'inventory/near/hosts.yaml',
    inventory(farm, ({ port }) => port),
  );
  const sudo = { ansible_user: farm.sudoer, ansible_become: true };
  put(
    'inventory/sudo/hosts.yaml',
    inventory(farm, ({ port }) => port, sudo),
  );
  put(
    'inventory/far/hosts.yaml',
    inventory(farm, ({ slowPort }) => slowPort),
  );
  put('roles/site/index.ts', role);
  put('roles/site/templates/list.conf', handlebars);
  for (const [name, scenario] of Object.entries(scenarios)) {
    const hosts = `all[0:${scenario.hosts - 1}]`;
    put(`playbooks/${name}.yaml`, JSON.stringify({ components: [{ component: name, hosts }] }));
    put(`steps/${name}/10_work.ts`, stepOf(scenario));
    for (const task of scenario.tasks) if (task.kind === 'copy') put(`roles/site/files/${task.path}`, task.content);
  }
}

function inventory({ hosts, user, key }: Farm, portOf: (host: FarmHost) => number, more = {}): string {
  const all = hosts.map((host) => [
    host.name,
    { ansible_host: '127.0.0.1', ansible_port: portOf(host), site: { root: host.root, host: host.name } },
  ]);
  const vars = { ansible_user: user, ansible_ssh_private_key_file: key, site: { owner: user }, ...more };
  return JSON.stringify({ all: { hosts: Object.fromEntries(all), vars } });
}

const role = `import { role, T } from '@cairnhq/cairn';

/** Where the work is done, and whose it is. */
export const site = role(import.meta, { root: T.String(), host: T.String(), owner: T.String() });
`;

function stepOf({ what, tasks }: Scenario): string {
  return `import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: ${JSON.stringify(what)},
  on: 'hosts',
  vars: site.vars,
  resources: ({ vars: { root, host: name, owner } }) => ({
${tasks.map((task, i) => `    r${i}: ${resourceOf(task)},`).join('\n')}
  }),
  async verify({ vars: { root }, check, host }) {
    await check('nothing else is there', async () => {
      const { stdout } = await host.run({ argv: ['ls', root] });
      const found = stdout.split('\\n').filter(Boolean).length;
      if (found !== ${new Set(tasks.map(({ path }) => path)).size}) throw new Error(\`\${found} names are in \${root}\`);
    });
  },
  undo: restore,
});
`;
}

function resourceOf(task: Task): string {
  const path = `path: \`\${root}/${task.path}\``;
  const common = 'owner, group: owner';
  switch (task.kind) {
    case 'copy':
      return `host.file({ ${path}, content: site.read('${task.path}'), mode: '0${task.mode}', ${common} })`;
    case 'template': {
      const data = `{ host: name, items: ${JSON.stringify(task.items)} }`;
      return `host.file({ ${path}, content: site.template('list.conf', ${data}), mode: '0${task.mode}', ${common} })`;
    }
    case 'directory':
      return `host.directory({ ${path}, mode: '0${task.mode}', ${common} })`;
    case 'command': {
      const file = `\`\${root}/${task.path}\``;
      return `host.command({ id: '${task.path}', creates: ${file}, undo: ['rm', ${file}], argv: ['touch', ${file}] })`;
    }
    case 'line':
      return `host.line({ ${path}, line: '${task.line}' })`;
  }
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
