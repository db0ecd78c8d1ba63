import { join } from 'node:path';
import { LocalGit } from '../connect/git/git.ts';
import { LocalTools } from '../connect/local/tools.ts';
import { cacheFolder } from '../project/folders.ts';
import type { Terminal } from './ask.ts';

/** Git hosts, by the programs of this machine. */
export function gitOf(env: Terminal['env']): LocalGit {
  return new LocalGit(join(cacheFolder(env), 'git'));
}

/** The files and programs of this machine, as a project's bundles see them. */
export function toolsOf(root: string, env: Terminal['env']): LocalTools {
  const cache = cacheFolder(env);
  return new LocalTools({ root, env, built: [join(cache, 'bin')], cache: join(cache, 'downloads') });
}
