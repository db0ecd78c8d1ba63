import { spawnSync } from 'node:child_process';

/** The shells of this machine that scripts must run in. */
export const shells: readonly (readonly [string, ...string[]])[] = (
  [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'sh']] as const
).filter(([program]) => spawnSync(program, ['-c', ':'].slice(program === 'busybox' ? 2 : 0)).error === undefined);
