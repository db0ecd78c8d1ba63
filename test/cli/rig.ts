import { execFile } from 'node:child_process';
import { envOf, projectOf } from '../project/rig.ts';
import { launcher } from '../rig/launcher.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own, and the real program in it. */
export interface Checkout {
  readonly root: string;
  cairn(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
}

/** @param files laid over the fixture project */
export function checkoutOf(fixture: string, files: Iterable<readonly [string, string]> = []): Checkout {
  const root = projectOf(fixture, files);
  return { root, cairn: (words, env = {}) => run(root, words, { ...envOf(root), ...env }) };
}

/** The real program in a folder that is there already. */
export function run(cwd: string, words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [launcher, ...words], { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}
