import type { StepInstance } from '../model/project.ts';
import { handleOf } from '../model/resource.ts';
import type { Resources } from '../model/step.ts';
import type { Files } from './files.ts';
import type { Placed } from './instances.ts';
import { addThrown, exportPlace } from './step-files.ts';

/** Calls `resources` of every step on every target: it is pure, so what it throws is found before anything is touched. */
export function checkDeclared(files: Files, placed: readonly Placed[]): void {
  for (const one of placed) {
    const { instance, file } = one;
    try {
      const resources = instance.step.resources({ vars: instance.vars, target: { name: instance.target.name } });
      checkUndo(files, one, resources);
    } catch (error) {
      addThrown(files, file, error, 'throws in resources()');
    }
  }
}

function checkUndo(files: Files, { instance, file }: Placed, resources: Resources): void {
  for (const [name, resource] of Object.entries(resources)) {
    const { mode, type, id, kept } = handleOf(resource);
    if (mode !== 'managed' || kept !== undefined || isKept(instance) || type.silent?.(id) !== true) continue;
    const summary = `${file.id}: "${name}" (${type.title(id)}) does not say how it is taken back`;
    files.problems.error(
      'silent-undo',
      summary,
      exportPlace(files, file),
      "give it an undo, or say .keep('why') on it",
    );
  }
}

function isKept({ step }: StepInstance): boolean {
  return step.undo?.is === 'keep' || step.phase !== 'up';
}
