import { appendFileSync } from 'node:fs';
import { messageOf } from '../model/diagnostic.ts';
import { redact } from '../model/redact.ts';
import type { Report } from '../report/report.ts';
import type { Terminal } from './ask.ts';

/**
 * Adds a page to the summary of the CI job that runs this, where the job has one (`GITHUB_STEP_SUMMARY` names its file).
 * A page that can't be written is no reason to fail.
 */
export function addToJobSummary({ env }: Terminal, report: Report, page: () => string): void {
  const { GITHUB_STEP_SUMMARY: file } = env;
  if (!file) return;
  try {
    appendFileSync(file, redact(page()));
  } catch (error) {
    report.warn(`The job's summary was not written: ${messageOf(error)}`);
  }
}
