import { up } from './wreck.ts';

/** Something that can go wrong with an installed system. */
export interface Break {
  readonly name: string;
  readonly playbook: string;
  /** What is verified, as `--only` takes it. */
  readonly only: string;
  /** Variables, as `--set` takes them. */
  readonly set: readonly string[];
  /** The step whose verify must fail. */
  readonly expects: string;
  /** Returns when it shows. */
  break(): Promise<unknown>;
  /** How it is repaired, for the table. */
  readonly by: string;
  repair(): Promise<unknown>;
}

/** How a break is made, and taken back where `cairn up` is not what repairs it: it changed nothing that is declared. */
export interface Wreck {
  readonly break: () => Promise<unknown>;
  readonly undo?: () => Promise<unknown>;
  /** More than the step itself, as `--only` takes it: where the break shows. */
  readonly only?: string;
  /** Variables with which it shows, as `--set` takes them. */
  readonly set?: readonly string[];
}

/** A break of one step of a playbook. */
export function breakOf(playbook: string, step: string, name: string, wreck: Wreck): Break {
  const file = `playbooks/${playbook}.yaml`;
  const only = wreck.only ?? step;
  const { set = [] } = wreck;
  const repair = wreck.undo ?? (() => up(file, only, set));
  const by = wreck.undo === undefined ? 'cairn up' : 'hand';
  return { name, playbook: file, only, set, expects: step, break: wreck.break, by, repair };
}
