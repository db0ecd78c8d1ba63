import { spawn } from 'node:child_process';
import { constants, homedir, userInfo } from 'node:os';

/**
 * A login shell of this machine at the terminal of this process, as this process's user.
 * @returns what it ended with, 128 and more for a signal
 */
export async function loginHere(): Promise<number> {
  // Ctrl-C is meant for what runs in it, and the terminal sends it to us, too.
  const ignore = (): void => undefined;
  const typed = ['SIGINT', 'SIGQUIT'] as const;
  for (const signal of typed) process.on(signal, ignore);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(userInfo().shell ?? '/bin/sh', ['-l'], { stdio: 'inherit', cwd: homedir() });
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of typed) process.off(signal, ignore);
  }
}
