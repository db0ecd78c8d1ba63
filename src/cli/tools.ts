import { join } from 'node:path';
import { LocalTools } from '../connect/local/tools.ts';
import { cacheFolder } from '../project/folders.ts';
import type { Terminal } from './ask.ts';

/** The files and programs of this machine, as a project's bundles see them. */
export function toolsOf(root: string, env: Terminal['env']): LocalTools {
  const cache = cacheFolder(env);
  return new LocalTools({ root, env, built: [join(cache, 'bin')], cache: join(cache, 'downloads') });
}
