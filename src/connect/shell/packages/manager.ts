import type { Question } from '../../../model/host.ts';
import type { ShellText } from '../quote.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';

export type PackagePlan = Extract<Question, { readonly ask: 'package-plan' }>;

/** A package manager as shell text. What its questions print is read by `parse.ts`. */
export interface PackageManager {
  readonly packages: ShellText;
  package(name: string): ShellText;
  plan(question: PackagePlan): ShellText;
  /** Names may carry a version: `redis=7.0`. */
  install(names: readonly string[]): ShellText;
  /** With what needs them; what they needed stays. */
  remove(names: readonly string[]): ShellText;
  mark(names: readonly string[], how: 'auto' | 'manual'): ShellText;
}

/** Text for whichever package manager the host has, chosen there. */
export function byManager(text: (manager: PackageManager) => ShellText): ShellText {
  return `( if command -v apt-get >/dev/null; then ${text(apt)}
elif command -v dnf >/dev/null; then ${text(dnf)}
elif command -v apk >/dev/null; then ${text(apk)}
else fail 'there is no package manager here that is known: apt, dnf or apk'; fi )`;
}
