import { type Loaded, loadProject } from '../project/load.ts';
import type { Terminal } from './ask.ts';

/** Loads a playbook with all its steps, for commands that only look at the project. */
export function loadWhole(
  root: string,
  playbook: string,
  { inventory, set }: { readonly inventory?: string; readonly set: readonly string[] },
  { env, cwd }: Terminal,
): Promise<Loaded> {
  const selection = { only: [], set };
  return loadProject({ root, playbook, ...(inventory === undefined ? {} : { inventory }), set, selection, env, cwd });
}
