import type { Holder } from '../../model/journal.ts';
import { moment } from '../../model/moment.ts';
import { paintWith } from '../style.ts';
import { count } from '../units.ts';
import { columnOf, rowLine } from './rows.ts';

/** What is known of a target without asking it. */
export interface TargetStatus {
  readonly target: string;
  readonly last?: {
    readonly run: string;
    readonly command: string;
    readonly playbook: string;
    readonly at: string;
    readonly code?: number;
  };
  /** How many resources an undo would reach, and since which run. */
  readonly standing: number;
  readonly baseline?: { readonly run: string; readonly at: string };
  readonly holder?: Pick<Holder, 'run' | 'host' | 'pid' | 'doing'>;
}

const ends: Readonly<Record<number, string>> = {
  0: 'converged',
  4: 'was locked',
  5: 'stopped: the world moved',
  130: 'interrupted',
};

/** What stands on each target and who works there. Ends without a newline. */
export function statusView(targets: readonly TargetStatus[], options: { color: boolean; now: Date }): string {
  if (targets.length === 0) return 'No run yet: nothing here was made by Cairn.';
  return targets.map((one) => statusLines(one, options).join('\n')).join('\n\n');
}

function statusLines(one: TargetStatus, options: { color: boolean; now: Date }): readonly string[] {
  const rows = [
    { label: '  last run', text: lastText(one, options.now) },
    { label: '  to take back', text: standingText(one, options.now) },
    { label: '  held by', text: one.holder ? `${one.holder.doing} (pid ${one.holder.pid} on ${one.holder.host})` : '' },
  ].filter((row) => row.text !== '');
  const column = columnOf([{ label: '  to take back', text: ' ' }], 3);
  return [paintWith(options.color)('strong', one.target), ...rows.map((row) => rowLine(row, column))];
}

function lastText({ last }: TargetStatus, now: Date): string {
  if (!last) return 'none';
  const end =
    last.code === undefined ? `never ended; go on with  cairn up --run ${last.run}` : (ends[last.code] ?? 'failed');
  return `${last.run}  ${last.command} ${last.playbook}, ${moment(last.at, now)}, ${end}`;
}

function standingText(one: TargetStatus, now: Date): string {
  if (one.standing === 0) return 'nothing';
  const since = one.baseline ? `, since run ${one.baseline.run} (${moment(one.baseline.at, now)})` : '';
  return `${count(one.standing, 'resource')}${since}`;
}
