import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where systems lie that tests unpack once and lay machines over. */
export const testRoots = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn/test-roots');
