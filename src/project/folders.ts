import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Env } from './yaml/files.ts';

export function homeFolder(env: Env): string {
  return env.HOME || homedir();
}

/** Where this user's runs are remembered: `$XDG_STATE_HOME/cairn`. */
export function stateFolder(env: Env): string {
  return join(env.XDG_STATE_HOME || join(homeFolder(env), '.local/state'), 'cairn');
}

/** Where what can be made again is kept: `$XDG_CACHE_HOME/cairn`. */
export function cacheFolder(env: Env): string {
  return join(env.XDG_CACHE_HOME || join(homeFolder(env), '.cache'), 'cairn');
}
