import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { output, secondsAndMemoryOf, secondsOf } from '../../measure.ts';
import { projectFolder } from '../cairn-project.ts';
import { cairn } from '../contenders.ts';
import type { Farm } from '../farm.ts';

/** MiB resident at most while s3's work is done on so many hosts at once; several hosts share a server. */
export async function memoryAt(farm: Farm, launcher: string, count: number): Promise<number> {
  farm.wipe();
  const inventory = `hosts-${count}`;
  const hosts = Array.from({ length: count }, (_, i) => {
    const host = farm.hosts[i % farm.hosts.length];
    if (!host) throw new Error('there is no host');
    const root = join(host.root, `n${i}`);
    mkdirSync(root);
    return [`n${i}`, { ansible_host: '127.0.0.1', ansible_port: host.port, site: { root, host: `n${i}` } }] as const;
  });
  putInventory(farm, inventory, hosts);
  putPlaybook(farm, 'many', { component: 's3', hosts: 'all' });
  const words = ['up', '--yes', '--quiet', 'playbooks/many.yaml', '-i', `inventory/${inventory}`];
  const command = cairn(farm, launcher, [...words, '--concurrency', String(count)]);
  return (await secondsAndMemoryOf(command)).mebibytes;
}

/** Seconds until an inventory of so many hosts is read, resolved and printed. */
export async function inventoryOf(farm: Farm, launcher: string, count: number): Promise<number> {
  const hosts = Array.from({ length: count }, (_, i) => {
    return [`n${i}`, { ansible_host: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, site: { host: `n${i}` } }] as const;
  });
  putInventory(farm, 'large', hosts);
  return secondsOf(cairn(farm, launcher, ['inventory', '-i', 'inventory/large']));
}

/** How a run goes on 50 hosts of which one takes connections and says nothing. */
export interface Silence {
  /** Of the run. */
  readonly seconds: number;
  /** Hosts whose work is done. */
  readonly done: number;
}

export async function withSilentHost(farm: Farm, launcher: string): Promise<Silence> {
  farm.wipe();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const hosts = farm.hosts.map(({ name, root, port: own }, i) => {
    return [
      name,
      { ansible_host: '127.0.0.1', ansible_port: i === 7 ? port : own, site: { root, host: name } },
    ] as const;
  });
  putInventory(farm, 'silent', hosts);
  try {
    const { program, words, cwd, env } = cairn(farm, launcher, ['up', '--yes', '--json', 'playbooks/s3.yaml']);
    const began = performance.now();
    const said = await output({
      program: 'sh',
      words: ['-c', '"$@"; [ $? = 1 ]', 'sh', program, ...words, '-i', 'inventory/silent'],
      cwd,
      ...(env ? { env } : {}),
    });
    const seconds = (performance.now() - began) / 1000;
    const finished = said.split('\n').filter((line) => line.includes('"step-finished"') && line.includes('"ok":true'));
    return { seconds, done: finished.length };
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Milliseconds that a step on this machine takes beyond the program that it runs. */
export async function localStep(farm: Farm, launcher: string): Promise<number> {
  farm.wipe();
  const count = 100;
  const root = join(farm.folder, 'work');
  putInventory(farm, 'here', [['localhost', { ansible_connection: 'local', site: { root, host: 'localhost' } }]]);
  putPlaybook(farm, 'here', { component: 'here', hosts: 'localhost' });
  const step = `import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

const one = (file: string) =>
  host.command({ id: file.replaceAll('/', '-'), creates: file, undo: ['rm', file], argv: ['touch', file] });

export default step({
  summary: '${count} commands',
  on: 'hosts',
  vars: site.vars,
  undo: restore,
  resources: ({ vars }) =>
    Object.fromEntries(Array.from({ length: ${count} }, (_, i) => [\`c\${i}\`, one(\`\${vars.root}/c\${i}\`)])),
});
`;
  put(farm, 'steps/here/10_commands.ts', step);
  const run = (): Promise<number> =>
    secondsOf(cairn(farm, launcher, ['up', '--yes', '--quiet', 'playbooks/here.yaml', '-i', 'inventory/here']));
  const first = await run();
  const rerun = await run();
  const began = performance.now();
  for (let i = 0; i < count; i += 1) spawnSync('touch', [join(root, `c${i}`)]);
  const bare = performance.now() - began;
  return ((first - rerun) * 1000 - bare) / count;
}

function putInventory(farm: Farm, name: string, hosts: readonly (readonly [string, object])[]): void {
  const vars = { ansible_user: farm.user, ansible_ssh_private_key_file: farm.key, site: { owner: farm.user } };
  put(farm, `inventory/${name}/hosts.yaml`, JSON.stringify({ all: { hosts: Object.fromEntries(hosts), vars } }));
}

function putPlaybook(farm: Farm, name: string, component: object): void {
  put(farm, `playbooks/${name}.yaml`, JSON.stringify({ components: [component] }));
}

function put({ folder }: Farm, file: string, text: string): void {
  const path = join(folder, projectFolder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
