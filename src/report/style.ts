import { styleText } from 'node:util';
import type { Again } from './again.ts';

/** What a colour says here; the text says it without colour too. */
export type Tone = 'good' | 'change' | 'bad' | 'dim' | 'strong';

export type Paint = (tone: Tone, text: string) => string;

const formats = { good: 'green', change: 'yellow', bad: 'red', dim: 'dim', strong: 'bold' } as const;

/** How wide and how coloured a view is. A width of `Infinity` (no terminal) shortens nothing. */
export interface ViewOptions {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Shows what is left out otherwise: every field, every unchanged resource, all causes. */
  readonly verbose?: boolean;
  /** What the commands that are offered repeat. */
  readonly again?: Again;
  /** The file that the plan is saved to. */
  readonly saved?: string;
}

/** A painter that leaves text alone unless colour is wanted. */
export function paintWith(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (tone, text) => (text === '' ? '' : styleText(formats[tone], text, { validateStream: false }));
}

/**
 * Whether to colour: FORCE_COLOR wins, then NO_COLOR (https://no-color.org: set and not empty), then the terminal.
 * @param env the process's environment, or part of it
 */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}
