import type { Again } from '../again.ts';
import { failureView, type RunFinished } from '../views/failure-view.ts';
import { recapView } from '../views/recap-view.ts';
import type { Progress } from './progress.ts';

export interface EndingOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly width: number;
  readonly isLogged: boolean;
  /** Where what is kept of failed resources goes. */
  readonly evidenceFile?: string;
  readonly again: Again;
}

/** The last words of a run: the recap for standard output, and for standard error the failure page. */
export function ending(end: RunFinished, progress: Progress, options: EndingOptions): { out: string; err: string } {
  const { started } = progress;
  if (!started) return { out: '', err: '' };
  // A plan has said everything with its last line.
  const recap = started.command === 'plan' ? '' : recapView(end, started, options);
  if (!end.failure) return { out: recap === '' ? '' : `\n${recap}`, err: '' };
  const step = end.failure.step === undefined ? undefined : progress.steps.get(end.failure.step);
  const ms = step?.finished.find((one) => !one.ok)?.ms;
  const page = failureView(end, {
    ...options,
    command: started.command,
    playbook: started.playbook,
    ...(ms === undefined ? {} : { ms }),
    hasEvidence: progress.hasEvidence,
  });
  return { out: recap === '' ? '' : `\n${recap}`, err: `\n${page}` };
}
