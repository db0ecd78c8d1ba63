import { clean, padTo, shorten, spread, widthOf } from '../measure.ts';
import { type Paint, paintWith } from '../style.ts';
import { clock, duration, elapsed } from '../units.ts';
import { stepNamer, summaryText, targetsText } from '../words.ts';
import { addUp, type Progress, type Running, type StepProgress } from './progress.ts';

export interface FrameOptions {
  readonly color: boolean;
  readonly width: number;
  /** Lines of the terminal. */
  readonly rows: number;
  /** Milliseconds of the report's clock. */
  readonly now: number;
  /** The spinner's picture of this moment. */
  readonly spinner: string;
}

const widest = 100;

/** What the terminal shows of a run right now: a header, and a line for each step. */
export function treeFrame(progress: Progress, options: FrameOptions): string {
  const { started } = progress;
  if (!started) return '';
  const frame = { ...options, width: Math.min(options.width, widest), paint: paintWith(options.color) };
  const steps = [...progress.steps.values()];
  const name = stepNamer(progress.steps.keys());
  const column = Math.max(...steps.map((step) => widthOf(name(step.id))), 0) + 2;
  const header = spread(
    `${started.name} on ${targetsText(started.targets)}`,
    `run ${started.run} · ${clock(options.now - progress.startedAt)}`,
    { width: frame.width },
  );
  const blocks = steps.map((step) => ({ step, lines: stepLines(step, padTo(name(step.id), column), frame) }));
  return [frame.paint('strong', header), ...fitRows(blocks, options.rows - 2)].join('\n');
}

interface Block {
  readonly step: StepProgress;
  readonly lines: readonly string[];
}

// A tree taller than the terminal would lose its head: finished steps give way first, then those that wait.
function fitRows(blocks: readonly Block[], rows: number): readonly string[] {
  const total = blocks.reduce((sum, block) => sum + block.lines.length, 0);
  if (total <= rows) return blocks.flatMap((block) => block.lines);
  const done = blocks.filter((block) => isDone(block.step) && !isFailed(block.step));
  const next = blocks.filter((block) => block.step.since === undefined);
  const active = blocks.filter((block) => !done.includes(block) && !next.includes(block));
  const room = Math.max(1, rows - active.reduce((sum, block) => sum + block.lines.length, 0) - 2);
  const shownNext = next.slice(0, room);
  const rest = next.length - shownNext.length;
  return [
    ...(done.length > 0 ? [`  ✔ ${done.length} steps done`] : []),
    ...[...active, ...shownNext].flatMap((block) => block.lines),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}

type Frame = FrameOptions & { readonly paint: Paint };

function stepLines(step: StepProgress, name: string, frame: Frame): readonly string[] {
  if (isDone(step)) return [doneLine(step, name, frame)];
  if (step.since === undefined) return [frame.paint('dim', `    ${name}`.trimEnd())];
  const newest = [...step.running.values()].at(-1);
  const left = `  ${frame.paint('change', frame.spinner)} ${name}${shorten(doing(step), frame.width - 26 - widthOf(name))}`;
  const line = timed(left, runningTime(newest, step.since, frame.now), frame.width);
  const beneath = newest && newest.line !== '' ? [`      ${shorten(clean(newest.line), frame.width - 6)}`] : [];
  return [line, ...beneath.map((text) => frame.paint('dim', text))];
}

function doneLine(step: StepProgress, name: string, frame: Frame): string {
  const { counts, checks } = addUp(step.finished);
  const sign = isFailed(step) ? frame.paint('bad', '✘') : frame.paint('good', '✔');
  const left = `  ${sign} ${name}${shorten(summaryText(counts, checks), frame.width - 20 - widthOf(name))}`;
  const ms = Math.max(...step.finished.map((one) => one.ms));
  return ms < 1000 ? left.trimEnd() : timed(left, duration(ms), frame.width);
}

function timed(left: string, time: string, width: number): string {
  return `${padTo(left, width - 16)} ${time}`;
}

function isDone(step: StepProgress): boolean {
  return step.ended !== undefined || isFailed(step);
}

function isFailed(step: StepProgress): boolean {
  return step.finished.some((one) => !one.ok);
}

function doing(step: StepProgress): string {
  const running = [...step.running.values()];
  const newest = running.at(-1);
  const targets = step.targets.size > 1 ? `${step.finished.length} of ${step.targets.size} targets` : '';
  const more = running.length > 1 ? ` and ${running.length - 1} more` : '';
  const title = newest ? clean(newest.title) + more : '';
  return [targets, title].filter((part) => part !== '').join(', ');
}

function runningTime(running: Running | undefined, since: number, now: number): string {
  const passed = elapsed(now - (running?.since ?? since));
  return running?.usually ? `${passed} of ~${running.usually.replace(/^~/, '')}` : passed;
}
