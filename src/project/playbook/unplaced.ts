import type { Step } from '../../model/step.ts';
import type { Layers } from '../inventory/layers.ts';
import { Problems } from '../problems.ts';
import { stepVars } from '../vars/step-vars.ts';
import type { Files } from '../yaml/files.ts';
import type { Component } from './playbook.ts';

/** What is wrong with a value wherever it is used; what seems to be missing may be set for the target that isn't known. */
const certain: ReadonlySet<string> = new Set(['unknown-key', 'wrong-type', 'invalid-value']);

/** Checks the variables of steps whose targets aren't known, as far as all targets would share them. */
export function checkUnplaced(
  files: Files,
  { layers, inventory }: { readonly layers: Layers; readonly inventory: { readonly shown: string } },
  component: Component,
  steps: readonly Step[],
): void {
  const aside = { ...files, problems: new Problems() };
  const values = layers.ofNowhere(component, aside);
  for (const { vars } of steps) {
    stepVars(aside, vars, values, { place: component.source, inventory: inventory.shown });
  }
  for (const one of aside.problems.sorted()) if (certain.has(one.code)) files.problems.add(one);
}
