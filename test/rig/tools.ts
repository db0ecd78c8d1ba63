import { LocalTools } from '../../src/connect/local/tools.ts';
import { programs } from './programs.ts';

/** This machine's files and programs, those that tests built among them. @param cache folder with what was downloaded, by its sum */
export function toolsWith(cache: string | undefined): LocalTools {
  const built = { root: process.cwd(), env: process.env, built: [programs] };
  return new LocalTools(cache === undefined ? built : { ...built, cache });
}
