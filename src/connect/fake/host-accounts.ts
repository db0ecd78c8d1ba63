import type { RunResult, RunSpec } from '../../model/host.ts';
import { revealText } from '../../model/secret.ts';
import type { FakeCommand, FakeHost } from './host.ts';

type Rows = string[][];
type Answered = Partial<RunResult> | undefined;

const attributes = { passwd: '0644', group: '0644', shadow: '0640' } as const;
type Table = keyof typeof attributes;

/** Where a new number is looked for. */
const firstOf = { user: 1000, system: 100 } as const;

/** The accounts that every host has. */
export function putAccounts({ files }: FakeHost): void {
  for (const [name, text] of Object.entries({
    passwd: 'root:x:0:0:root:/root:/bin/sh\n',
    group: 'root:x:0:\nsudo:x:27:\n',
    shadow: 'root:*:20000:0:99999:7:::\n',
  })) {
    put(files, name as Table, Buffer.from(text));
  }
}

/** The tools of the package `passwd`, as far as Cairn uses them. */
export const accountCommands: readonly FakeCommand[] = [
  { argv: ['groupadd'], run: groupadd },
  { argv: ['groupmod'], run: groupmod },
  { argv: ['groupdel'], run: groupdel },
  { argv: ['gpasswd', '-a'], run: ({ argv: [, , user = '', group = ''] }, host) => join(host, user, [group]) },
  { argv: ['useradd'], run: useradd },
  { argv: ['usermod'], run: usermod },
  { argv: ['userdel'], run: userdel },
  { argv: ['chpasswd', '-e'], run: chpasswd },
];

function groupadd({ argv }: RunSpec, host: FakeHost): Answered {
  const { name, flags } = parse(argv, ['-g']);
  const groups = rows(host, 'group');
  if (groups.some((row) => row[0] === name)) {
    return flags.has('-f') ? undefined : refused(9, `group '${name}' already exists`);
  }
  const gid = flags.get('-g') ?? nextFree(groups, flags.has('-r'));
  if (groups.some((row) => row[2] === gid)) return refused(4, `GID '${gid}' already exists`);
  save(host, 'group', [...groups, [name, 'x', gid, '']]);
  return undefined;
}

function groupmod({ argv }: RunSpec, host: FakeHost): Answered {
  const { name, flags } = parse(argv, ['-g']);
  const groups = rows(host, 'group');
  const old = groups.find((row) => row[0] === name)?.[2];
  if (old === undefined) return refused(6, `group '${name}' does not exist`);
  const gid = flags.get('-g') ?? old;
  save(
    host,
    'group',
    groups.map((row) => (row[0] === name ? [name, 'x', gid, row[3] ?? ''] : row)),
  );
  save(
    host,
    'passwd',
    rows(host, 'passwd').map((row) => (row[3] === old ? row.with(3, gid) : row)),
  );
  return undefined;
}

function groupdel({ argv }: RunSpec, host: FakeHost): Answered {
  const { name } = parse(argv, []);
  const groups = rows(host, 'group');
  const gid = groups.find((row) => row[0] === name)?.[2];
  if (gid === undefined) return refused(6, `group '${name}' does not exist`);
  const first = rows(host, 'passwd').find((row) => row[3] === gid)?.[0];
  if (first !== undefined) return refused(8, `cannot remove the primary group of user '${first}'`);
  save(
    host,
    'group',
    groups.filter((row) => row[0] !== name),
  );
  return undefined;
}

const valued = ['-u', '-g', '-G', '-c', '-d', '-s'];

function useradd({ argv }: RunSpec, host: FakeHost): Answered {
  const { name, flags } = parse(argv, valued);
  const users = rows(host, 'passwd');
  if (users.some((row) => row[0] === name)) return refused(9, `user '${name}' already exists`);
  const uid = flags.get('-u') ?? nextFree(users, flags.has('-r'));
  if (!flags.has('-g')) {
    const made = groupadd({ argv: ['groupadd', name] }, host);
    if (made) return made;
  }
  const gid = gidOf(host, flags.get('-g') ?? name);
  if (gid === undefined) return refused(6, `group '${flags.get('-g')}' does not exist`);
  const home = flags.get('-d') ?? `/home/${name}`;
  save(host, 'passwd', [...users, [name, 'x', uid, gid, flags.get('-c') ?? '', home, flags.get('-s') ?? '/bin/sh']]);
  save(host, 'shadow', [...rows(host, 'shadow'), [name, '!', '20000', '0', '99999', '7', '', '', '']]);
  if (flags.has('-m')) makeHome(host, home, name, flags.get('-g') ?? name);
  return join(host, name, split(flags.get('-G')));
}

function usermod({ argv }: RunSpec, host: FakeHost): Answered {
  const { name, flags } = parse(argv, valued);
  const users = rows(host, 'passwd');
  if (!users.some((row) => row[0] === name)) return refused(6, `user '${name}' does not exist`);
  const group = flags.get('-g');
  const gid = group === undefined ? undefined : gidOf(host, group);
  if (group !== undefined && gid === undefined) return refused(6, `group '${group}' does not exist`);
  const fields = [undefined, undefined, flags.get('-u'), gid, flags.get('-c'), flags.get('-d'), flags.get('-s')];
  save(
    host,
    'passwd',
    users.map((row) => (row[0] === name ? row.map((value, index) => fields[index] ?? value) : row)),
  );
  if (!flags.has('-G')) return undefined;
  leave(host, name);
  return join(host, name, split(flags.get('-G')));
}

function userdel({ argv }: RunSpec, host: FakeHost): Answered {
  const { name, flags } = parse(argv, []);
  const users = rows(host, 'passwd');
  const [, , , gid, , home] = users.find((row) => row[0] === name) ?? [];
  if (gid === undefined || home === undefined) return refused(6, `user '${name}' does not exist`);
  for (const table of ['passwd', 'shadow'] as const)
    save(
      host,
      table,
      rows(host, table).filter((row) => row[0] !== name),
    );
  leave(host, name);
  const isOwn = (row: string[]): boolean => row[0] === name && row[2] === gid && row[3] === '';
  if (!rows(host, 'passwd').some((row) => row[3] === gid))
    save(
      host,
      'group',
      rows(host, 'group').filter((row) => !isOwn(row)),
    );
  if (flags.has('-r')) removeAll(host, home);
  return undefined;
}

function chpasswd({ stdin }: RunSpec, host: FakeHost): Answered {
  const text = stdin instanceof Uint8Array ? Buffer.from(stdin).toString() : revealText(stdin ?? '');
  const hashes = new Map(text.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1)]));
  const hashed = (row: string[]): string[] => row.with(1, hashes.get(row[0] ?? '') ?? row[1] ?? '');
  save(host, 'shadow', rows(host, 'shadow').map(hashed));
  return undefined;
}

function join(host: FakeHost, user: string, names: readonly string[]): Answered {
  const groups = rows(host, 'group');
  const missing = names.find((name) => !groups.some((row) => row[0] === name));
  if (missing !== undefined) return refused(6, `group '${missing}' does not exist`);
  const added = (row: string[]): string[] =>
    names.includes(row[0] ?? '') ? row.with(3, [...new Set([...split(row[3]), user])].join(',')) : row;
  save(host, 'group', groups.map(added));
  return undefined;
}

function leave(host: FakeHost, user: string): void {
  const left = (members: string | undefined): string =>
    split(members)
      .filter((one) => one !== user)
      .join(',');
  save(
    host,
    'group',
    rows(host, 'group').map((row) => row.with(3, left(row[3]))),
  );
}

function makeHome({ files }: FakeHost, home: string, owner: string, group: string): void {
  if (files.get(home)) return;
  files.makeDirectories(home.slice(0, home.lastIndexOf('/')) || '/');
  files.set(home, { kind: 'directory', mode: '0700', owner, group });
}

function removeAll(host: FakeHost, path: string): void {
  for (const name of host.files.list(path) ?? []) removeAll(host, `${path}/${name}`);
  host.files.remove(path);
}

function gidOf(host: FakeHost, name: string): string | undefined {
  return rows(host, 'group').find((row) => row[0] === name)?.[2];
}

function nextFree(taken: Rows, system: boolean): string {
  const used = new Set(taken.map((row) => Number(row[2])));
  let id: number = system ? firstOf.system : firstOf.user;
  while (used.has(id)) id += 1;
  return String(id);
}

function parse(argv: readonly string[], withValue: readonly string[]): { name: string; flags: Map<string, string> } {
  const flags = new Map<string, string>();
  let taking: string | undefined;
  for (const word of argv.slice(1, -1)) {
    flags.set(taking ?? word, taking === undefined ? '' : word);
    taking = taking === undefined && withValue.includes(word) ? word : undefined;
  }
  return { name: argv.at(-1) ?? '', flags };
}

function rows({ files }: FakeHost, table: Table): Rows {
  const text = Buffer.from(files.content(`/etc/${table}`) ?? []).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

function save({ files }: FakeHost, table: Table, content: Rows): void {
  put(files, table, Buffer.from(content.map((row) => `${row.join(':')}\n`).join('')));
}

function put(files: FakeHost['files'], table: Table, content: Uint8Array): void {
  files.set(`/etc/${table}`, { kind: 'file', content, mode: attributes[table], owner: 'root', group: 'root' });
}

function split(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').filter(Boolean);
}

function refused(status: number, why: string): Partial<RunResult> {
  return { status, stderr: `${why}\n` };
}
