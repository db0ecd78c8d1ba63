import type { Planned } from '../../model/deferred.ts';

/** Who a path belongs to and who may use it. What is left out stays as it is. */
export interface Attributes {
  /** Octal: `0644`. */
  readonly mode?: string;
  /** Unix user, by name. */
  readonly owner?: string;
  /** Unix group, by name. */
  readonly group?: string;
}

/** The attributes that are wished for and known by now; modes in four digits. */
export function knownAttributes(want: Planned<Attributes> & object): Attributes {
  const { mode, owner, group } = want as Readonly<Record<keyof Attributes, unknown>>;
  return {
    ...(typeof mode === 'string' ? { mode: octal(mode) } : {}),
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(typeof group === 'string' ? { group } : {}),
  };
}

/** A mode in four digits: `644` and `0644` are one. */
export function octal(mode: string): string {
  return mode.padStart(4, '0');
}
