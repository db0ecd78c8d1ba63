import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Source } from '../../model/diagnostic.ts';
import { isStepFile, type Step } from '../../model/step.ts';
import { thrownBy } from '../../model/thrown.ts';
import { type Files, namesIn, startOf } from '../yaml/files.ts';

/** A file that holds a step. */
export interface StepFile {
  /** `devpi/30_redis`. */
  readonly id: string;
  readonly component: string;
  readonly number: number;
  /** `30_redis`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

const stepName = /^((\d+)_[a-z0-9_]+)\.(?:ts|js)$/;

/** Components that have a folder with steps. */
export function componentsOf({ root }: Files): readonly string[] {
  const folder = join(root, 'steps');
  return namesIn(folder).filter((name) => namesIn(join(folder, name)).some((file) => stepName.test(file)));
}

/** The steps of a component in their order. Two of one number are a problem. */
export function stepFilesOf(files: Files, component: string): readonly StepFile[] {
  const folder = join(files.root, 'steps', component);
  if (!existsSync(folder)) return [];
  const found = namesIn(folder).flatMap((file): readonly StepFile[] => {
    const [, name, digits] = stepName.exec(file) ?? [];
    if (name === undefined) return [];
    return [{ id: `${component}/${name}`, component, number: Number(digits), name, path: join(folder, file) }];
  });
  const sorted = found.sort((a, b) => a.number - b.number || a.name.localeCompare(b.name));
  for (const [index, one] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before?.number !== one.number) continue;
    const summary = `${one.id} has the same number as ${before.id}`;
    files.problems.error('number-clash', summary, startOf(files, one.path), 'give one of them another number');
  }
  return sorted;
}

/** Loads a step; null where that fails, which is noted. */
export async function importStep(files: Files, file: StepFile): Promise<Step | null> {
  let found: unknown;
  try {
    found = ((await import(/* @vite-ignore */ pathToFileURL(file.path).href)) as { default?: unknown }).default;
  } catch (error) {
    const thrower = { id: file.id, root: files.root, source: exportPlace(files, file) };
    for (const one of thrownBy(thrower, error, 'throws while it is loaded')) files.problems.add(one);
    return null;
  }
  if (isStepFile(found)) return checked(files, file, found);
  const help = 'write export default step({ … })';
  const what = found === undefined ? 'has no default export' : 'exports something else than a step';
  files.problems.error('not-a-step', `${file.id} ${what}`, exportPlace(files, file), help);
  return null;
}

// A step file is stripped of its types, not checked: what they promise is looked at here.
function checked(files: Files, file: StepFile, step: Step): Step | null {
  const { undo, on } = step as { undo?: { is?: unknown }; on?: unknown };
  if (undo?.is === undefined) {
    const help = "say undo: restore, or undo: keep('why')";
    files.problems.error('silent-undo', `${file.id} does not say how it is taken back`, exportPlace(files, file), help);
  }
  if (on !== 'cluster' && on !== 'hosts') {
    const help = "say on: 'cluster' or on: 'hosts'";
    files.problems.error('not-a-step', `${file.id} does not say what it runs on`, exportPlace(files, file), help);
    return null;
  }
  return step;
}

/** Where a step file exports its step. */
export function exportPlace(files: Files, { path }: Pick<StepFile, 'path'>): Source {
  const lines = readFileSync(path, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.startsWith('export default'));
  return { ...startOf(files, path), line: Math.max(0, index) + 1 };
}
