import type { More, Resource } from '../../../model/resource.ts';
import { file } from '../file.ts';
import { service } from '../services/service.ts';

export interface TimerSpec {
  /** Of its units: `backup` makes `backup.timer` and `backup.service`. */
  readonly name: string;
  /** For people. */
  readonly summary: string;
  /** When, as systemd.time(7) has it: `daily`, `Mon *-*-* 02:30:00`. */
  readonly schedule: string;
  /** Program and arguments, as systemd.service(5) has them. */
  readonly command: string;
  /** Default root. */
  readonly user?: string;
}

/** A timer of systemd and what it starts: two units and their being enabled, to be spread into a step's resources. */
export function timer(spec: TimerSpec, more?: More): Readonly<Record<string, Resource<unknown>>> {
  const { name } = spec;
  const at = (unit: string, content: string): Resource<unknown> =>
    file({ path: `/etc/systemd/system/${unit}`, content, mode: '0644' }, more);
  return {
    [`${name}.service`]: at(`${name}.service`, serviceUnit(spec)),
    [`${name}.timer`]: at(`${name}.timer`, timerUnit(spec)),
    [`${name} on`]: service({ name: `${name}.timer`, state: 'running', boot: 'enabled' }, more),
  };
}

function serviceUnit({ summary, command, user }: TimerSpec): string {
  const as = user === undefined ? '' : `User=${user}\n`;
  return `[Unit]\nDescription=${summary}\n\n[Service]\nType=oneshot\n${as}ExecStart=${command}\n`;
}

// Persistent: what was missed while the host was off is made up for.
function timerUnit({ summary, schedule }: TimerSpec): string {
  return `[Unit]\nDescription=${summary}\n\n[Timer]\nOnCalendar=${schedule}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n`;
}
