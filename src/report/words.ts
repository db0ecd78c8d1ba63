import type { CheckCounts, Counts, Outcome } from '../model/event.ts';
import type { Verb } from '../model/plan.ts';
import type { Tone } from './style.ts';
import { count } from './units.ts';

interface Sign {
  readonly glyph: string;
  readonly tone: Tone;
}

/** One glyph a state. */
export const verbSigns: Readonly<Record<Verb, Sign>> = {
  create: { glyph: '+', tone: 'good' },
  update: { glyph: '~', tone: 'change' },
  adopt: { glyph: '~', tone: 'change' },
  remove: { glyph: '-', tone: 'bad' },
  forget: { glyph: '»', tone: 'change' },
  replace: { glyph: '±', tone: 'bad' },
  restart: { glyph: '↻', tone: 'change' },
  unchanged: { glyph: '=', tone: 'dim' },
  skip: { glyph: '=', tone: 'dim' },
  read: { glyph: '=', tone: 'dim' },
  wait: { glyph: '=', tone: 'dim' },
  kept: { glyph: '=', tone: 'dim' },
  undecided: { glyph: '?', tone: 'change' },
  foreign: { glyph: '!', tone: 'bad' },
  refused: { glyph: '!', tone: 'bad' },
};

const outcomeOrder: readonly Outcome[] = [
  'failed',
  'unreachable',
  'created',
  'updated',
  'adopted',
  'replaced',
  'removed',
  'forgotten',
  'restarted',
  'unchanged',
  'skipped',
  'kept',
  'undecided',
];

/** `2 created, 1 updated, 38 unchanged`; empty when nothing was counted. */
export function countsText(counts: Counts): string {
  return outcomeOrder
    .filter((outcome) => counts[outcome])
    .map((outcome) => `${counts[outcome]} ${outcome}`)
    .join(', ');
}

/** `9 checks passed`, `1 check failed`; empty when there was none. */
function checksText(checks: CheckCounts): string {
  const parts = [
    checks.failed > 0 ? `${count(checks.failed, 'check')} failed` : '',
    checks.passed > 0 ? `${count(checks.passed, 'check')} passed` : '',
    checks.skipped > 0 ? `${count(checks.skipped, 'check')} skipped` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** What a step or a target came to, in one phrase. */
export function summaryText(counts: Counts, checks: CheckCounts): string {
  const onlyUnchanged = Object.entries(counts).every(([outcome, amount]) => outcome === 'unchanged' || !amount);
  const made = onlyUnchanged && !checks.failed ? 'unchanged' : countsText(counts);
  return [made, checksText(checks)].filter((part) => part !== '').join(', ');
}

/** `playbooks/devpi.yaml` is called `devpi`. */
export function playbookName(playbook: string): string {
  return playbook.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
}

/** `a`, `a, b, c`, or `10 targets`. */
export function targetsText(targets: readonly string[]): string {
  return targets.length > 3 ? count(targets.length, 'target') : targets.join(', ');
}

/** `cluster:kind-cairn` is called `kind-cairn`. */
export function targetName(target: string): string {
  return target.replace(/^(?:host|cluster):/, '');
}

/** Names steps as short as they stay unique: `30_redis` when all are of one component, else `devpi/30_redis`. */
export function stepNamer(ids: Iterable<string>): (id: string) => string {
  const components = new Set([...ids].map((id) => id.slice(0, id.lastIndexOf('/'))));
  return components.size > 1 ? (id) => id : (id) => id.slice(id.lastIndexOf('/') + 1);
}
