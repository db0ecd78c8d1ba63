import { spawn } from 'node:child_process';
import { knownSecrets } from '../../model/secret.ts';
import type { ShellText } from '../shell/quote.ts';
import type { ShellRun, ShellSink, ShellTransport } from '../shell/transport.ts';

/** Milliseconds between asking a script to end and killing it. */
const grace = 2000;

/** How a local shell is started. */
export interface LocalShell {
  /** Default: `sh`. */
  readonly argv?: readonly [string, ...string[]];
  /** Unix user and group to run as; default: our own. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A shell on this machine, one process for each script (about 2 ms). The script comes by standard input, which stays
 * open as its sign of life: it closes when this process dies, however it dies.
 */
export class LocalTransport implements ShellTransport {
  readonly #shell: LocalShell;

  constructor(shell: LocalShell = {}) {
    this.#shell = shell;
  }

  start(script: ShellText, sink: ShellSink): ShellRun {
    const [program, ...args] = this.#shell.argv ?? ['sh'];
    const { uid, gid } = this.#shell;
    const child = spawn(program, args, {
      // A group of its own, so that ^C reaches us alone and all of it can be ended together.
      detached: true,
      env: environment(),
      cwd: '/',
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    child.stdout.on('data', sink.stdout);
    child.stderr.on('data', sink.stderr);
    // A shell that ends early closes its input; `ended` says so.
    child.stdin.on('error', () => undefined);
    child.stdin.write(Buffer.from(`(\nlife=8\n${script}) 8<&0 </dev/null; exit\n`, 'latin1'));
    const ended = new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => resolve(`${program} could not be started: ${error.message}`));
      child.once('close', (_, signal) => resolve(signal ? `the shell was ended by ${signal}` : undefined));
    });
    void ended.then(() => child.stdin.destroy());
    return { ended, kill: () => endGroup(child.pid) };
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  signal(pid, 'SIGTERM');
  setTimeout(() => signal(pid, 'SIGKILL'), grace).unref();
}

function signal(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name);
  } catch {
    // It is gone already.
  }
}

// Secrets that came by an environment variable stay in this process.
function environment(): NodeJS.ProcessEnv {
  const secrets = knownSecrets();
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => !secrets.has(value ?? '')));
}
