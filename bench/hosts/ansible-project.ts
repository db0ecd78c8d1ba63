import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Farm, FarmHost } from './farm.ts';
import { type Scenario, scenarios, type Task } from './workloads.ts';

/** Paths of the Ansible project, beneath the farm's folder. */
export const ansibleFiles = {
  config: 'ansible/ansible.cfg',
  near: 'ansible/near.ini',
  far: 'ansible/far.ini',
  /** As root, by sudo. */
  sudo: 'ansible/sudo.ini',
  playbook: (name: string): string => `ansible/${name}.yml`,
  /** Sockets of connections that ssh keeps open. */
  control: 'ansible/cp',
  /** What modules leave on the hosts meanwhile, whoever they run as. */
  remote: 'ansible-remote',
} as const;

const jinja =
  '# managed\nhost = {{ inventory_hostname }}\n{% for v in items %}\nentry.{{ loop.index0 }} = {{ v }}\n{% endfor %}\n';

/** Writes inventory, settings and a playbook for each scenario. */
export function writeAnsibleProject(farm: Farm): void {
  const put = (file: string, text: string): void => write(join(farm.folder, file), text);
  mkdirSync(join(farm.folder, ansibleFiles.control), { recursive: true });
  mkdirSync(join(farm.folder, ansibleFiles.remote));
  chmodSync(join(farm.folder, ansibleFiles.remote), 0o1777);
  put(ansibleFiles.config, settings(farm));
  put(
    ansibleFiles.near,
    inventory(farm, ({ port }) => port),
  );
  put(ansibleFiles.sudo, `${inventory({ ...farm, user: farm.sudoer ?? '' }, ({ port }) => port)}ansible_become=true\n`);
  put(
    ansibleFiles.far,
    inventory(farm, ({ slowPort }) => slowPort),
  );
  for (const [name, scenario] of Object.entries(scenarios)) {
    put(ansibleFiles.playbook(name), playbook(scenario));
    for (const task of scenario.tasks) {
      if (task.kind === 'copy') put(`ansible/files/${task.path}`, task.content);
      if (task.kind === 'template') put(`ansible/templates/${task.path}.j2`, jinja);
    }
  }
  put(ansibleFiles.playbook('facts'), play('bench', [{ 'ansible.builtin.setup': {} }]));
}

function settings({ folder }: Farm): string {
  return [
    '[defaults]',
    'gathering = explicit',
    'retry_files_enabled = False',
    'host_key_checking = True',
    'deprecation_warnings = False',
    'nocows = True',
    `local_tmp = ${join(folder, 'ansible/local-tmp')}`,
    `remote_tmp = ${join(folder, ansibleFiles.remote)}`,
    '[ssh_connection]',
    `control_path_dir = ${join(folder, ansibleFiles.control)}`,
    '',
  ].join('\n');
}

function inventory({ hosts, user, key }: Farm, portOf: (host: FarmHost) => number): string {
  return [
    '[bench]',
    ...hosts.map((host) => `${host.name} ansible_host=127.0.0.1 ansible_port=${portOf(host)} dest_root=${host.root}`),
    '[bench:vars]',
    'ansible_python_interpreter=/usr/bin/python3',
    `ansible_user=${user}`,
    `ansible_ssh_private_key_file=${key}`,
    '',
  ].join('\n');
}

function playbook({ hosts, tasks }: Scenario): string {
  return play(
    `bench[0:${hosts - 1}]`,
    tasks.map((task) => ({ name: `${task.kind} ${task.path}`, ...moduleOf(task) })),
  );
}

// JSON is YAML.
function play(hosts: string, tasks: readonly unknown[]): string {
  return JSON.stringify([{ hosts, gather_facts: false, tasks }]);
}

function moduleOf(task: Task): Readonly<Record<string, unknown>> {
  const dest = `{{ dest_root }}/${task.path}`;
  switch (task.kind) {
    case 'copy':
      return { 'ansible.builtin.copy': { src: task.path, dest, mode: `0${task.mode}` } };
    case 'template':
      return {
        'ansible.builtin.template': { src: `${task.path}.j2`, dest, mode: `0${task.mode}` },
        vars: { items: task.items },
      };
    case 'directory':
      return { 'ansible.builtin.file': { path: dest, state: 'directory', mode: `0${task.mode}` } };
    case 'command':
      return { 'ansible.builtin.command': { cmd: `touch ${dest}`, creates: dest } };
    case 'line':
      return { 'ansible.builtin.lineinfile': { path: dest, line: task.line, create: true } };
  }
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
