import type { RunResult } from '../../model/host.ts';
import type { FakeCommand, FakeHost } from './host.ts';

const rootOwned = { owner: 'root', group: 'root' } as const;

/** Python's virtual environments, as far as they are used: any version of any package can be installed. */
export const pythonCommands: readonly FakeCommand[] = [
  { argv: ['python3', '-m', 'venv'], run: ({ argv }, host) => makeVenv(host, argv.at(-1) ?? '') },
];

function makeVenv(host: FakeHost, path: string): undefined {
  host.files.makeDirectories(path);
  put(host, `${path}/pyvenv.cfg`, 'home = /usr/bin\n');
  putPackages(host, path, { pip: '23.0.1', setuptools: '66.1.1' });
  const argv = [`${path}/bin/python`, '-m', 'pip'];
  if (host.commands.some((known) => known.argv[0] === argv[0])) return;
  host.commands.push({ argv, run: ({ argv: [, , , verb = '', ...words] }) => pip(host, path, [verb, ...words]) });
}

type Packages = Readonly<Record<string, string>>;

function pip(host: FakeHost, path: string, [verb, ...words]: readonly string[]): Partial<RunResult> | undefined {
  const there = JSON.parse(Buffer.from(host.files.content(`${path}/packages`) ?? '{}').toString()) as Packages;
  const named = words.filter((word) => !word.startsWith('-'));
  if (verb === 'list') {
    return { stdout: JSON.stringify(Object.entries(there).map(([name, version]) => ({ name, version }))) };
  }
  if (verb === 'install')
    putPackages(host, path, { ...there, ...Object.fromEntries(named.map((word) => word.split('=='))) });
  if (verb === 'uninstall')
    putPackages(host, path, Object.fromEntries(Object.entries(there).filter(([name]) => !named.includes(name))));
  return undefined;
}

function putPackages(host: FakeHost, path: string, packages: Packages): void {
  put(host, `${path}/packages`, JSON.stringify(Object.fromEntries(Object.entries(packages).sort())));
}

function put({ files }: FakeHost, path: string, text: string): void {
  files.set(path, { kind: 'file', content: Buffer.from(text), mode: '0644', ...rootOwned });
}
