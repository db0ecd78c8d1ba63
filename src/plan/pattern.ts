import type { Target } from '../model/project.ts';
import { keyOf } from './compile.ts';

/** Matches keys (`keyOf`) of a target against an address in which `*` stands for any run of characters. */
export function keyPattern(target: Target, pattern: string): RegExp {
  const quoted = keyOf(target, pattern)
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${quoted.join('.*')}$`);
}
