import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { folderOf } from '../rig/folder.ts';
import { launcher } from '../rig/launcher.ts';

const step = (folder: string): string => `
import { host, restore, step } from '@cairnhq/cairn';
export default step({
  summary: 'One file',
  on: 'hosts',
  undo: restore,
  resources: () => ({ file: host.file({ path: '${folder}/file', content: 'x', mode: '0644' }) }),
});
`;

const filesOf = (root: string): Readonly<Record<string, string>> => ({
  'package.json': '{ "type": "module" }',
  'cairn.yaml': 'name: small\ninventory: inventory/here\n',
  'inventory/here/hosts.yaml': 'all: { hosts: { localhost: { ansible_connection: local } } }\n',
  'playbooks/small.yaml': 'components:\n  - { component: small, hosts: localhost }\n',
  'steps/small/10_file.ts': step(root),
});

const tell = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.LOADED,process.moduleLoadList.join()))`;

// Each is 20 to 70 ms of every command; what needs them loads them.
test('a run on a host, journal and all, loads neither HTTP nor TLS nor fetch of Node', async () => {
  const root = folderOf('start-up');
  for (const [path, text] of Object.entries(filesOf(root))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const loaded = join(root, 'loaded');
  const words = [
    '--import',
    `data:text/javascript,${encodeURIComponent(tell)}`,
    launcher,
    'up',
    'playbooks/small.yaml',
  ];
  const { NODE_COMPILE_CACHE, PATH } = process.env;
  const env = { HOME: root, PATH, NODE_COMPILE_CACHE, LOADED: loaded };
  await promisify(execFile)(process.execPath, [...words, '--yes', '--quiet'], { cwd: root, env });
  expect(readFileSync(join(root, 'file'), 'utf8')).toBe('x');
  const costly = /NativeModule (?:https?|tls|internal\/deps\/undici\/undici)$/;
  expect(
    readFileSync(loaded, 'utf8')
      .split(',')
      .filter((name) => costly.test(name)),
  ).toEqual([]);
});
