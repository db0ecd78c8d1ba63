import { knownSecrets } from '../../model/secret.ts';
import type { ShellRun, ShellScript, ShellSink, ShellTransport } from '../shell/transport.ts';
import { type LocalShell, LocalShellProcess } from './shell.ts';

/** Idle shells kept for the next script. */
const mostIdle = 2;

/**
 * Shells on this machine. Questions and changes of files go to one that lives on (a round trip under a millisecond);
 * what starts programs gets a shell of its own, so that nothing they leave behind can talk into later answers.
 */
export class LocalTransport implements ShellTransport {
  readonly #options: LocalShell;
  #idle: LocalShellProcess[] = [];

  constructor(options: LocalShell = {}) {
    this.#options = options;
  }

  start(script: ShellScript, sink: ShellSink): ShellRun {
    return script.startsPrograms ? this.#startAlone(script, sink) : this.#startInPool(script, sink);
  }

  #startAlone({ text }: ShellScript, sink: ShellSink): ShellRun {
    const shell = new LocalShellProcess(this.#options, environment());
    shell.send(`(\nlife=8\n${text}) 8<&0 </dev/null; exit\n`, sink);
    return { ended: shell.gone, kill: () => shell.kill(), release: () => shell.end() };
  }

  #startInPool({ text }: ShellScript, sink: ShellSink): ShellRun {
    this.#idle = this.#idle.filter(({ isGone }) => !isGone);
    const shell = this.#idle.pop() ?? new LocalShellProcess(this.#options, plainEnvironment());
    shell.send(`(\nlife=\n${text}) </dev/null\n`, sink);
    return { ended: shell.gone, kill: () => shell.kill(), release: () => this.#takeBack(shell) };
  }

  #takeBack(shell: LocalShellProcess): void {
    if (shell.isGone) return;
    if (this.#idle.length >= mostIdle) shell.end();
    else this.#idle.push(shell);
    shell.rest();
  }
}

// Secrets that came by an environment variable stay in this process.
function environment(): NodeJS.ProcessEnv {
  const secrets = knownSecrets();
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => !secrets.has(value ?? '')));
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH };
}
