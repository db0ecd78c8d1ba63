import { nearest } from '../../model/nearest.ts';
import { didYouMean } from '../nearest.ts';
import type { Files } from '../yaml/files.ts';
import type { Component } from './playbook.ts';
import { componentsOf, type StepFile, stepFilesOf } from './step-files.ts';

/** The steps of a component that its playbook asks for; what doesn't exist is noted. */
export function chooseSteps(files: Files, component: Component): readonly StepFile[] {
  const all = stepFilesOf(files, component.name);
  if (all.length === 0) {
    const summary = `the component "${component.name}" does not exist`;
    const help = didYouMean(component.name, componentsOf(files)) ?? `make steps/${component.name}/10_….ts`;
    files.problems.error('unknown-component', summary, component.source, help);
  }
  if (all.length === 0 || !component.steps) return all;
  const chosen = new Set<StepFile>();
  for (const { text, source } of component.steps) {
    const found = all.filter((step) => isMeant(text, step));
    for (const step of found) chosen.add(step);
    if (found.length > 0) continue;
    const summary = `step ${component.name}/${text} does not exist`;
    files.problems.error('unknown-step', summary, source, nearestStep(component.name, text, all));
  }
  return all.filter((step) => chosen.has(step));
}

function isMeant(text: string, { name, number }: StepFile): boolean {
  const [, from, to] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text) ?? [];
  if (from === undefined) return text === name;
  return number >= Number(from) && number <= Number(to ?? from);
}

/** The step that was probably meant: by its name, or else by its number. */
export function nearestStep(
  component: string,
  text: string,
  steps: readonly Pick<StepFile, 'name' | 'number'>[],
): string | undefined {
  const names = steps.map(({ name }) => `${component}/${name}`);
  const word = text.replace(/^\d+_?/, '');
  const namesake = word === '' ? undefined : names.find((name) => name.includes(word));
  if (namesake !== undefined) return `nearest: ${namesake}`;
  const number = Number.parseInt(text, 10);
  if (Number.isNaN(number) || nearest(`${component}/${text}`, names)) return didYouMean(`${component}/${text}`, names);
  const [near] = steps.toSorted((a, b) => Math.abs(a.number - number) - Math.abs(b.number - number));
  return near && `nearest: ${component}/${near.name}`;
}
