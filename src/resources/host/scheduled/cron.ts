import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, Operation } from '../../../model/host.ts';
import { accountName } from '../accounts/database.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';

export interface CronId {
  /** Whose crontab. */
  readonly user: string;
  /** Names the job in the crontab: `nightly-backup`. */
  readonly name: string;
}

/** Required unless `absent`: both. */
export interface CronWant extends Absent {
  /** Five fields, or a word such as `@daily`: `30 2 * * *`. */
  readonly schedule?: string;
  /** One line, for the user's shell. A `%` is a line feed for cron: write `\%`. */
  readonly command?: string;
}

export interface CronState {
  readonly schedule: string;
  readonly command: string;
  /** Where it stands in the crontab, from 0. */
  readonly index: number;
}

/** A job in a user's crontab, under a line that names it. All other lines stay as they are. */
export const cron = stateType<CronId, CronWant, CronState>({
  name: 'cron',
  identity: ['user', 'name'],
  address: ({ user, name }) => `cron/${accountName(user)}/${jobName(name)}`,
  title: ({ user, name }) => `cron job ${name} of ${user}`,
  fields: ['schedule', 'command'],
  look: async ({ user, name }, from) => {
    const lines = await crontab(user, from);
    const index = lines.indexOf(marker(name));
    const found = index < 0 ? null : /^(@\S+|(?:\S+\s+){4}\S+)\s+(.*)$/.exec(lines[index + 1] ?? '');
    return found && { schedule: found[1] ?? '', command: found[2] ?? '', index };
  },
  wish: ({ schedule, command }) => ({
    ...(schedule === undefined ? {} : { schedule: plainSchedule(schedule) }),
    ...(command === undefined ? {} : { command: oneLine(command) }),
  }),
  steps: async ({ id: { user, name }, from, to }, host) => {
    await needTools(['crontab'], 'install cron (Debian), cronie (Fedora) or busybox’s crond (Alpine)', host);
    const lines = [...(await crontab(user, host))];
    const at = from?.index ?? Math.min(to?.index ?? lines.length, lines.length);
    lines.splice(at, from ? 2 : 0, ...(to ? [marker(name), jobLine(name, to)] : []));
    return { operations: [save(user, lines)] };
  },
});

function save(user: string, lines: readonly string[]): Operation {
  if (lines.length === 0) return { do: 'run', argv: ['crontab', '-u', user, '-r'] };
  return { do: 'run', argv: ['crontab', '-u', user, '-'], stdin: `${lines.join('\n')}\n` };
}

async function crontab(user: string, from: HostReader): Promise<readonly string[]> {
  const { status, stdout, stderr } = await from.ask({ ask: 'run', argv: ['crontab', '-u', user, '-l'] });
  // Status 1 is "none yet" as well as "no such user", and 127 "no cron yet": an earlier step may bring both.
  if (status === 0) return stdout.replace(/\n$/, '').split('\n');
  if (status === 127 || /no crontab for|unknown user|user .* unknown|bad user|can't open/i.test(stderr)) return [];
  throw new CairnError(
    problem('unreadable', `could not read the crontab of ${user}: ${stderr.trim() || `status ${status}`}`),
  );
}

function marker(name: string): string {
  return `# cairn: ${name}`;
}

function jobLine(name: string, { schedule, command }: Partial<CronState>): string {
  if (schedule !== undefined && command !== undefined) return `${schedule} ${command}`;
  throw new CairnError(
    problem('cron-incomplete', `cron job ${name} says no ${schedule === undefined ? 'schedule' : 'command'}`, {
      help: "say both: { schedule: '30 2 * * *', command: 'backup' }",
    }),
  );
}

function plainSchedule(schedule: string): string {
  const plain = schedule.trim().replace(/\s+/g, ' ');
  if (/^(@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)|([\w*,/-]+ ){4}[\w*,/-]+)$/.test(plain))
    return plain;
  throw new CairnError(
    problem('bad-schedule', `${JSON.stringify(schedule)} is no schedule for cron`, {
      help: 'minute hour day month weekday, or @daily and its kin',
    }),
  );
}

function oneLine(command: string): string {
  if (command.trim() !== '' && !command.includes('\n')) return command.trim();
  throw new CairnError(problem('bad-command', 'the command of a cron job is one line, and not empty'));
}

function jobName(name: string): string {
  if (/^[^\s]+$/.test(name)) return name;
  throw new CairnError(problem('bad-job-name', `${JSON.stringify(name)} can't name a cron job: leave out spaces`));
}
