import type { RunSpec } from './host.ts';

/** What a step says so that its hosts give themselves back what was there, unless it is confirmed in time. */
export interface StepGuard {
  /** From the last change until it must be confirmed: `60s`, `5m`. */
  readonly within: string;
  /** Run on the host after it has given itself back what was there: program and arguments. */
  readonly after?: readonly [string, ...string[]];
}

/** A command of the way back; with `when`, it runs where any of these holds. */
export interface Way extends Pick<RunSpec, 'argv' | 'cwd'> {
  readonly when?: readonly Sign[];
}

/** How something is seen to have been done. */
export type Sign =
  | { readonly exists: string }
  | { readonly succeeds: RunSpec['argv'] }
  | { readonly fails: RunSpec['argv'] };

/** What a host keeps before a change, to take it back by itself. */
export interface Saves {
  /** What is there now is given back: content, mode and owner of a file, a link, mode and owner of a directory, absence. */
  readonly paths?: readonly string[];
  /** Commands that take the change back; they run before the paths are given back. */
  readonly commands?: readonly Way[];
  /** Commands that run when all of the step is given back: what reads the paths is told. */
  readonly afterwards?: readonly Way[];
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60 };

/** Seconds of `60s` or `5m`; undefined for anything else, and for less than 5 s or more than an hour. */
export function guardSeconds(within: unknown): number | undefined {
  const [, amount, unit = ''] = /^([1-9]\d{0,3})(s|m)$/.exec(String(within)) ?? [];
  const seconds = Number(amount) * (units[unit] ?? 0);
  return seconds >= 5 && seconds <= 3600 ? seconds : undefined;
}

/** The folder in which a host keeps what it may have to give back; gone when it was confirmed or given back. */
export function guardFolder(guard: string): string {
  return `/tmp/cairn-guard-${guard}`;
}
