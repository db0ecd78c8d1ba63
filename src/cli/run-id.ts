import { randomBytes } from 'node:crypto';

/** A run's name: six hex digits, short enough to type; two runs of one journal practically never share one. */
export function newRunId(): string {
  return randomBytes(3).toString('hex');
}
