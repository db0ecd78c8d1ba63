import type { Diagnostic } from '../model/diagnostic.ts';
import type { Project } from '../model/project.ts';
import { type CompiledStep, compile } from '../plan/compile.ts';
import { inspectBundles } from '../plan/inspect.ts';
import { type LoadOptions, loadProject } from '../project/load.ts';
import { Problems } from '../project/problems.ts';
import type { Terminal } from './ask.ts';
import { toolsOf } from './tools.ts';

/** A playbook with its steps compiled; nothing is contacted for it. */
export interface Loaded {
  /** Null when there are errors. */
  readonly project: Project | null;
  /** All that could be compiled, also where there are errors. */
  readonly compiled: readonly CompiledStep[];
  /** By file and position. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads a playbook and compiles its steps; finds every problem of the input at once.
 * @param sources whether charts and manifests are looked at too: undo does without them
 */
export async function load(options: LoadOptions, { sources = true } = {}): Promise<Loaded> {
  const { project, instances, problems } = await loadProject(options);
  const compiled = compile({ root: options.root, instances });
  const all = new Problems();
  const bundles = sources ? await inspectBundles(compiled.steps, toolsOf(options.root, options.env)) : [];
  // A cluster that was misnamed is missing everywhere: that is said once.
  const isMisnamed = problems.some(({ code }) => code === 'unknown-cluster');
  const own = compiled.problems.filter(({ code }) => !isMisnamed || code !== 'no-target');
  for (const one of [...problems, ...own, ...bundles]) all.add(one);
  return { project: all.hasErrors ? null : project, compiled: compiled.steps, problems: all.sorted() };
}

/** Loads a playbook with all its steps, for commands that only look at the project. */
export function loadWhole(
  root: string,
  playbook: string,
  { inventory, set }: { readonly inventory?: string; readonly set: readonly string[] },
  { env, cwd }: Terminal,
): Promise<Loaded> {
  const selection = { only: [], set };
  return load({ root, playbook, ...(inventory === undefined ? {} : { inventory }), set, selection, env, cwd });
}
