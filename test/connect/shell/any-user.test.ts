import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellWriter } from '../../../src/connect/shell/host.ts';
import { handleOf } from '../../../src/model/resource.ts';
import { role } from '../../../src/render/role.ts';
import { directory } from '../../../src/resources/host/directory.ts';
import { file } from '../../../src/resources/host/file.ts';
import { typeOf } from '../../contract/host/types.ts';

const value = `it's "$HOME" \`id\` \\n %s !! \${x} ~ * Ä 🚀 ı`;
const template = '# {{value}}\r\n\tlist = {{#each list}}[{{this}}] {{/each}}\n\n\\\nno end';
const expected = `# ${value}\r\n\tlist = [a] [b] \n\n\\\nno end`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-any-user-'));
  mkdirSync(join(folder, 'site', 'templates'), { recursive: true });
  writeFileSync(join(folder, 'site', 'templates', 'page.conf'), template);
});
afterAll(() => rmSync(folder, { recursive: true }));

// What the shells of users are, where this machine has them; a connection asks each of them for `sh`.
const logins = ['bash', 'dash', 'zsh', 'fish', 'tcsh', 'ksh'].filter((shell) => !spawnSync(shell, ['-c', ':']).error);
const settings = [
  ['0000', 'C'],
  ['0077', 'tr_TR.UTF-8'],
  ['0777', 'no_SUCH.charset'],
  ['0027', 'C.UTF-8'],
] as const;

function openAs(login: string, umask: string, locale: string): ShellWriter {
  const before = ['env', `LC_ALL=${locale}`, `LANG=${locale}`, 'sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
  return new ShellWriter(new LocalTransport({ argv: [login, '-c', 'exec sh -s marked'], before }));
}

const cases = logins.flatMap((login) => settings.map(([umask, locale]) => [login, umask, locale] as const));

it.runIf(process.getuid?.() === 0).each(cases)(
  'a template arrives as it was filled in for a user of %s with umask %s and locale %s',
  async (...[login, umask, locale]) => {
    const host = openAs(login, umask, locale);
    const site = role({ url: pathToFileURL(join(folder, 'site', 'index.ts')).href }, {});
    const at = mkdtempSync(join(folder, 'host-'));
    const write = async (declared: ReturnType<typeof file> | ReturnType<typeof directory>): Promise<unknown> => {
      const { id, want, type } = handleOf(declared);
      return await type.write({ id, want, live: null, options: {} }, host as never);
    };
    const content = site.template('page.conf', { value, list: ['a', 'b'] });
    await write(directory({ path: `${at}/conf.d` }));
    await write(file({ path: `${at}/conf.d/Ä it's`, content }));
    await write(file({ path: `${at}/private`, content, mode: '0640' }));
    expect(readFileSync(`${at}/conf.d/Ä it's`, 'utf8')).toBe(expected);
    expect(readFileSync(`${at}/private`, 'utf8')).toBe(expected);
    const modes = ['conf.d', "conf.d/Ä it's", 'private'].map((name) =>
      (statSync(join(at, name)).mode & 0o7777).toString(8),
    );
    expect(modes).toEqual(['755', '644', '640']);
    const found = await typeOf(file).read({ path: `${at}/conf.d/Ä it's` }, host);
    expect(found.is === 'present' && typeOf(file).diff(found.live, { content }).changes).toEqual([]);
    const printed = await host.ask({ ask: 'run', argv: ['sh', '-c', 'umask'] });
    expect(printed.stdout.trim()).toBe('0022');
  },
);
