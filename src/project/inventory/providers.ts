import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { didYouMean } from '../nearest.ts';
import { nearestStep } from '../playbook/step-choice.ts';
import { componentsOf, stepFilesOf } from '../playbook/step-files.ts';
import type { Files } from '../yaml/files.ts';
import type { Inventory } from './inventory.ts';

/** Says which clusters and services are provided by a step that doesn't exist. */
export function checkProviders(files: Files, { clusters, endpoints }: Inventory): void {
  const provided = [
    ...[...clusters.values()].map(({ target, provider }) => ({ step: target.providedBy, provider })),
    ...[...endpoints.values()].map(({ providedBy, provider }) => ({ step: providedBy, provider })),
  ];
  for (const { step, provider } of provided) {
    if (step === undefined || exists(files, step)) continue;
    const component = dirname(step);
    const all = stepFilesOf(files, component);
    const help =
      all.length > 0
        ? nearestStep(component, step.slice(component.length + 1), all)
        : didYouMean(component, componentsOf(files));
    files.problems.error('unknown-step', `step ${step} does not exist`, provider, help);
  }
}

function exists({ root }: Files, step: string): boolean {
  return ['.ts', '.js'].some((ending) => existsSync(join(root, 'steps', `${step}${ending}`)));
}
