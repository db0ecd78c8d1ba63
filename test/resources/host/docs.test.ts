import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { type AnyHandle, handleOf, type Reading, type Resource } from '../../../src/model/resource.ts';
import { root } from '../../structure/sources.ts';

interface Example {
  resources(of: { readonly vars: Record<string, string> }): Record<string, Resource<unknown>>;
}

/** Pages whose first step is carried out on a fake host, run again and taken back. */
const pages = ['accounts', 'services', 'kernel', 'commands', 'packages'];

/** A host on which all of them can run. */
function openHost(): FakeHost {
  const host = new FakeHost();
  for (const folder of [
    '/etc/sudoers.d',
    '/etc/apt/sources.list.d',
    '/etc/nginx/conf.d',
    '/etc/systemd/system',
    '/etc/sysctl.d',
    '/etc/modules-load.d',
    '/sys/module',
  ])
    host.files.makeDirectories(folder);
  const known = { '/proc/sys/net/ipv4/ip_forward': '0\n', '/etc/fstab': '# mine\n', '/proc/self/mounts': '' };
  for (const [path, text] of Object.entries(known)) {
    host.files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
    host.files.set(path, { kind: 'file', content: Buffer.from(text), mode: '0644', owner: 'root', group: 'root' });
  }
  host.packages.available.set('docker-ce', { version: '5:28.0.1-1' });
  host.services.set('nginx', { isActive: false, file: 'enabled' });
  host.services.set('apache2', { isActive: true, file: 'enabled' });
  const made = { kind: 'file', content: new Uint8Array(), mode: '0644', owner: 'root', group: 'root' } as const;
  host.commands.push(
    { argv: ['visudo', '-cf'], run: () => undefined },
    { argv: ['sh', '-eu', '-s', '--'], run: (_, { files }) => void files.set('/var/lib/site', made) },
    { argv: ['rm', '-f', '/var/lib/site'], run: (_, { files }) => void files.remove('/var/lib/site') },
  );
  return host;
}

async function exampleOf(page: string): Promise<readonly AnyHandle[]> {
  const code = /^```ts\n(import [^`]*)^```/m.exec(readFileSync(join(root, 'docs', `${page}.md`), 'utf8'))?.[1] ?? '';
  const file = join(mkdtempSync(join(tmpdir(), 'cairn-docs-')), `${page}.ts`);
  writeFileSync(file, code.replace("'@cairnhq/cairn'", JSON.stringify(join(root, 'src/sdk.ts'))));
  const { default: step } = (await import(file)) as { readonly default: Example };
  const vars = new Proxy({}, { get: (_, name) => `value of ${String(name)}` });
  return Object.values(step.resources({ vars }))
    .map(handleOf)
    .filter(({ mode }) => mode === 'managed');
}

for (const page of pages) {
  it(`the step of docs/${page}.md runs, has nothing to do again, and is taken back`, async () => {
    const host = openHost();
    const before = host.snapshot();
    const done: { handle: AnyHandle; before: unknown; live: unknown }[] = [];
    const read = async ({ type, id }: AnyHandle): Promise<unknown> => liveOf(await type.read(id, host as never));
    const handles = await exampleOf(page);
    for (const handle of handles) {
      const { type, id, want } = handle;
      const found = await read(handle);
      const made = await type.write({ id, want, live: found, options: {} }, host as never);
      if (made.is === 'moved') throw new Error(`${type.title(id)} moved`);
      done.push({ handle, before: found, live: made.live });
    }
    for (const handle of handles)
      expect(handle.type.diff(await read(handle), handle.want as never).changes, handle.type.name).toEqual([]);
    for (const { handle, before, live } of done.reverse())
      await handle.type.restore({ id: handle.id, before, live }, host as never);
    for (const left of [
      '/home/site/.ssh',
      '/home/site',
      '/home',
      '/var/spool/cron/crontabs',
      '/var/spool/cron',
      '/var/spool',
    ])
      host.files.remove(left);
    expect(host.snapshot()).toEqual(before);
  });
}

function liveOf(reading: Reading<unknown>): unknown {
  if (reading.is === 'unreadable') throw new Error(reading.why.summary);
  return reading.is === 'present' ? reading.live : null;
}
