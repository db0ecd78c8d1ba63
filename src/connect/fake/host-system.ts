import { tidyApt } from '../../model/apt.ts';
import type { RunResult, RunSpec } from '../../model/host.ts';
import { revealText } from '../../model/secret.ts';
import type { FakeCommand, FakeHost } from './host.ts';

/** A unit of a fake host's systemd. */
export interface FakeService {
  readonly isActive: boolean;
  readonly file: 'enabled' | 'disabled' | 'masked' | 'static';
}

/** When a unit took its settings, by the clock of the host's files. */
export interface FakeTimes {
  readonly started: number;
  readonly changed: number;
}

type Answered = Partial<RunResult> | undefined;

const rootOwned = { owner: 'root', group: 'root' } as const;

/** The tools that types about the system use, as far as they use them. */
export const systemCommands: readonly FakeCommand[] = [
  { argv: ['systemctl', 'daemon-reload'], run: () => undefined },
  { argv: ['systemctl', 'is-system-running'], run: () => ({ stdout: 'running\n' }) },
  {
    argv: ['systemctl', 'show'],
    run: ({ argv }, host) => ({ stdout: shown(argv.at(-1) ?? '', host) }),
  },
  { argv: ['busctl', 'get-property'], run: timesOf },
  ...turn('start', (unit) => ({ ...unit, isActive: true })),
  { argv: ['systemctl', 'restart', '--'], run: restart },
  { argv: ['systemctl', 'reload', '--'], run: reload },
  ...turn('stop', (unit) => ({ ...unit, isActive: false })),
  ...turn('enable', (unit) => ({ ...unit, file: 'enabled' })),
  ...turn('disable', (unit) => ({ ...unit, file: 'disabled' })),
  ...turn('mask', (unit) => ({ ...unit, file: 'masked' })),
  ...turn('unmask', (unit) => ({ ...unit, file: 'disabled' })),
  { argv: ['apt-get', '-q'], run: () => undefined },
  { argv: ['sh', '-c', tidyApt], run: () => undefined },
  { argv: ['crontab', '-u'], run: crontab },
  { argv: ['tee'], run: tee },
  { argv: ['cat'], run: ({ argv: [, path = ''] }, host) => ({ stdout: textOf(host, path) }) },
  {
    argv: ['modprobe', '--'],
    run: ({ argv: [, , name = ''] }, { files }) => files.makeDirectories(moduleAt(name)) as undefined,
  },
  {
    argv: ['modprobe', '-r', '--'],
    run: ({ argv: [, , , name = ''] }, { files }) => files.remove(moduleAt(name)) as undefined,
  },
  { argv: ['mount', '--'], run: mount },
  { argv: ['mount', '-o', 'remount', '--'], run: () => undefined },
  { argv: ['umount', '--'], run: umount },
];

function turn(verb: string, change: (unit: FakeService) => FakeService): readonly FakeCommand[] {
  return [{ argv: ['systemctl', verb, '--'], run: ({ argv: [, , , name = ''] }, host) => turned(name, host, change) }];
}

function turned(name: string, host: FakeHost, change: (unit: FakeService) => FakeService): Answered {
  const unit = unitOf(name, host);
  if (!unit) return { status: 5, stderr: `Unit ${name} not found.\n` };
  const next = change(unit);
  if (next.isActive && !unit.isActive && unit.file === 'masked')
    return { status: 1, stderr: `Failed to start ${name}: Unit ${name} is masked.\n` };
  if (next.isActive && !unit.isActive) stamp(name, host, 'started');
  const isAsWritten = !next.isActive && next.file === written.file && isWritten(name, host);
  if (isAsWritten) host.services.delete(name);
  else host.services.set(name, next);
  return undefined;
}

const written: FakeService = { isActive: false, file: 'disabled' };

// A unit is known by its file, or because a test says so.
function unitOf(name: string, host: FakeHost): FakeService | undefined {
  return host.services.get(name) ?? (isWritten(name, host) ? written : undefined);
}

function isWritten(name: string, { files }: FakeHost): boolean {
  return [name, `${name}.service`].some((unit) => files.content(`/etc/systemd/system/${unit}`) !== null);
}

// As systemd 252 prints it.
function shown(name: string, host: FakeHost): string {
  const unit = unitOf(name, host);
  const id = `Id=${name.includes('.') ? name : `${name}.service`}\nReloadResult=success\n`;
  if (!unit) return `${id}LoadState=not-found\nActiveState=inactive\nUnitFileState=\n`;
  const load = unit.file === 'masked' ? 'masked' : 'loaded';
  return `${id}LoadState=${load}\nActiveState=${unit.isActive ? 'active' : 'inactive'}\nUnitFileState=${unit.file}\n`;
}

function restart({ argv: [, , , name = ''] }: RunSpec, host: FakeHost): Answered {
  const failed = turned(name, host, (unit) => ({ ...unit, isActive: true }));
  if (!failed) stamp(name, host, 'started');
  return failed;
}

function reload({ argv: [, , , name = ''] }: RunSpec, host: FakeHost): Answered {
  if (!unitOf(name, host)?.isActive) return { status: 1, stderr: `${name}.service is not active, cannot reload.\n` };
  stamp(name, host, 'changed');
  return undefined;
}

function stamp(name: string, { files, taken }: FakeHost, what: keyof FakeTimes): void {
  const changed = files.tick();
  taken.set(name, { started: taken.get(name)?.started ?? 0, changed, [what]: changed });
}

// As busctl 252 prints two properties of a unit.
function timesOf({ argv }: RunSpec, { taken }: FakeHost): Answered {
  const unit = (argv[3] ?? '')
    .replace(/^.*\//, '')
    .replaceAll(/_(..)/g, (_, code: string) => decodeURIComponent(`%${code}`));
  const { started = 0, changed = 0 } = taken.get(unit) ?? taken.get(unit.replace(/\.service$/, '')) ?? {};
  return { stdout: `t ${started}\nt ${changed}\n` };
}

function crontab({ argv: [, , user = '', action], stdin }: RunSpec, host: FakeHost): Answered {
  const path = `/var/spool/cron/crontabs/${user}`;
  const text = host.files.content(path);
  if (action === '-l') {
    return text ? { stdout: Buffer.from(text).toString() } : { status: 1, stderr: `no crontab for ${user}\n` };
  }
  if (action === '-r') host.files.remove(path);
  else put(host, path, stdin, '0600');
  return undefined;
}

function tee({ argv: [, path = ''], stdin }: RunSpec, host: FakeHost): Answered {
  put(host, path, stdin, '0644');
  return undefined;
}

function mount({ argv: [, , path = ''] }: RunSpec, host: FakeHost): Answered {
  const line = textOf(host, '/etc/fstab')
    .split('\n')
    .find((one) => one.split(/\s+/)[1] === listed(path));
  if (!line) return { status: 1, stderr: `mount: ${path}: can't find in /etc/fstab.\n` };
  put(host, mounts, `${textOf(host, mounts)}${line}\n`, '0444');
  return undefined;
}

function umount({ argv: [, , path = ''] }: RunSpec, host: FakeHost): Answered {
  const lines = textOf(host, mounts).split('\n');
  const left = lines.filter((line) => line.split(' ')[1] !== listed(path));
  if (left.length === lines.length) return { status: 32, stderr: `umount: ${path}: not mounted.\n` };
  put(host, mounts, left.join('\n'), '0444');
  return undefined;
}

const mounts = '/proc/self/mounts';

// Tables have blanks in octal.
function listed(path: string): string {
  return path.replaceAll(' ', '\\040');
}

function moduleAt(name: string): string {
  return `/sys/module/${name.replaceAll('-', '_')}`;
}

function textOf({ files }: FakeHost, path: string): string {
  return Buffer.from(files.content(path) ?? []).toString();
}

function put({ files }: FakeHost, path: string, content: RunSpec['stdin'], mode: string): void {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(revealText(content ?? ''));
  files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
  files.set(path, { kind: 'file', content: bytes, mode: files.get(path)?.mode ?? mode, ...rootOwned });
}
