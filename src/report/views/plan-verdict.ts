import { countPlan, type Plan, type PlannedChange, type Verb } from '../../model/plan.ts';
import { nothingElse } from '../again.ts';
import type { Paint, ViewOptions } from '../style.ts';

const phrases: readonly (readonly [Verb, string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['adopt', 'to adopt'],
  ['replace', 'to replace'],
  ['remove', 'to remove'],
  ['forget', 'to let go of'],
  ['restart', 'to restart'],
  ['undecided', 'undecided'],
  ['unchanged', 'unchanged'],
  ['skip', 'skipped'],
  ['kept', 'kept'],
  ['foreign', 'of somebody else'],
  ['refused', 'refused'],
];

/** The end of a plan: what it comes to, what is lost, and the next thing to type. */
export function verdictLines(
  plan: Plan,
  paint: Paint,
  { again = nothingElse, saved }: Pick<ViewOptions, 'again' | 'saved'> = {},
): readonly string[] {
  const sum = planSentence(plan);
  const losses = lossSentence(plan);
  const { foreign, refused } = countPlan(plan);
  if (foreign + refused > 0) {
    const unsaved = saved === undefined ? [] : [`Nothing was saved to ${saved}.`];
    return [`${sum} ${losses}`, paint('bad', 'Nothing can be applied until what is marked ! is settled.'), ...unsaved];
  }
  if (saved !== undefined) return [`${sum} ${losses}`, `Apply exactly this with  cairn up ${saved}`];
  if (!isAnythingToDo(plan)) return [sum];
  return [`${sum} ${losses}`, `Apply with  cairn ${plan.command} ${plan.playbook}${again.selection}${again.inventory}`];
}

/** `Plan: 2 to create, 1 undecided, 37 unchanged.` */
export function planSentence(plan: Plan): string {
  const counts = countPlan(plan);
  const parts = phrases.filter(([verb]) => counts[verb] > 0).map(([verb, phrase]) => `${counts[verb]} ${phrase}`);
  const start = isAnythingToDo(plan) || counts.foreign + counts.refused > 0 ? '' : 'nothing to do, ';
  return parts.length === 0 ? 'Plan: nothing to do.' : `Plan: ${start}${parts.join(', ')}.`;
}

function isAnythingToDo(plan: Plan): boolean {
  const counts = countPlan(plan);
  return (
    counts.create + counts.update + counts.adopt + counts.replace + counts.remove + counts.restart + counts.undecided >
    0
  );
}

/** What a plan loses for good, in words. */
export function lossSentence(plan: Plan): string {
  const changes = plan.steps.flatMap((step) => step.changes);
  const data = changes.filter((change) => change.loss.is === 'data').map(lossText);
  const anew = changes.filter((change) => change.loss.is === 'recreate').map(lossText);
  if (data.length + anew.length === 0) return 'Nothing is lost.';
  const parts = [
    data.length > 0 ? `Lost for good: ${data.join(', ')}.` : '',
    anew.length > 0 ? `Comes back with another identity: ${anew.join(', ')}.` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function lossText(change: PlannedChange): string {
  return change.loss.is === 'none' ? change.title : `${change.title} (${change.loss.why})`;
}
