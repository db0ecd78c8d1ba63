import { knownSecrets } from '../../model/secret.ts';
import { withoutSecrets } from '../environment.ts';
import { prelude } from '../shell/prelude.ts';
import { subshell } from '../shell/subshell.ts';
import { isAlone, type ShellRun, type ShellScript, type ShellSink, type ShellTransport } from '../shell/transport.ts';
import { type LocalShell, LocalShellProcess, silent } from './shell.ts';

/** Idle shells kept for the next script. */
const mostIdle = 2;

/** A shell that nobody has used yet. */
interface Spare {
  readonly shell: LocalShellProcess;
  /** How many secrets were kept from its environment. */
  readonly secrets: number;
}

/**
 * Shells on this machine. Questions and changes of files go to one that lives on (a round trip under a millisecond);
 * what starts programs gets a shell of its own, so that nothing they leave behind can talk into later answers. Where programs
 * follow each other, the next shell starts while one runs.
 */
export class LocalTransport implements ShellTransport {
  readonly #options: LocalShell;
  #idle: LocalShellProcess[] = [];
  #spare: Spare | undefined;
  #hasStartedPrograms = false;
  /** Why nobody lets us in; not tried again. */
  #refused: { readonly error: unknown } | undefined;

  constructor(options: LocalShell = {}) {
    this.#options = options;
  }

  /** Starts the first shell. @throws CairnError where somebody is to be become who can't be */
  async enter(): Promise<void> {
    const shell = this.#open(plainEnvironment());
    await shell.entered;
    this.#takeBack(shell);
  }

  start(script: ShellScript, sink: ShellSink): ShellRun {
    if (this.#refused) return refusedRun(this.#refused.error);
    return isAlone(script) ? this.#startAlone(script, sink) : this.#startInPool(script, sink);
  }

  /** Ends the shells that wait for more. */
  close(): void {
    for (const shell of this.#idle) shell.end();
    this.#idle = [];
    this.#dropSpare();
  }

  #startAlone(script: ShellScript, sink: ShellSink): ShellRun {
    if (!script.startsPrograms) return runLast(this.#open(plainEnvironment()), script, sink);
    const run = runLast(this.#takeSpare() ?? this.#openForPrograms(), script, sink);
    if (this.#hasStartedPrograms) this.#makeSpare();
    this.#hasStartedPrograms = true;
    return run;
  }

  #openForPrograms(): LocalShellProcess {
    return this.#open(withoutSecrets(process.env));
  }

  #makeSpare(): void {
    const shell = this.#openForPrograms();
    shell.send(prelude, silent);
    shell.rest();
    this.#spare = { shell, secrets: knownSecrets().size };
  }

  // A secret that was learnt meanwhile may be in its environment.
  #takeSpare(): LocalShellProcess | undefined {
    const { shell, secrets } = this.#spare ?? {};
    if (!shell || shell.isGone || secrets !== knownSecrets().size) {
      this.#dropSpare();
      return undefined;
    }
    this.#spare = undefined;
    return shell;
  }

  #dropSpare(): void {
    this.#spare?.shell.end();
    this.#spare = undefined;
  }

  #startInPool(script: ShellScript, sink: ShellSink): ShellRun {
    this.#idle = this.#idle.filter(({ isGone }) => !isGone);
    const shell = this.#idle.pop() ?? this.#open(plainEnvironment());
    return runIn(shell, script, sink, () => this.#takeBack(shell));
  }

  #open(env: NodeJS.ProcessEnv): LocalShellProcess {
    const shell = new LocalShellProcess(this.#options, env);
    shell.entered?.catch((error: unknown) => {
      this.#refused = { error };
    });
    return shell;
  }

  #takeBack(shell: LocalShellProcess): void {
    if (shell.isGone) return;
    if (this.#idle.length >= mostIdle) shell.end();
    else this.#idle.push(shell);
    shell.rest();
  }
}

function runLast(shell: LocalShellProcess, script: ShellScript, sink: ShellSink): ShellRun {
  return runIn(shell, script, sink, () => shell.end());
}

function runIn(shell: LocalShellProcess, script: ShellScript, sink: ShellSink, release: () => void): ShellRun {
  shell.send(shell.isFresh ? prelude + subshell(script) : subshell(script), sink);
  return {
    ended: shell.isGone ? shell.gone : new Promise((resolve) => (shell.whenGone = resolve)),
    entered: shell.entered,
    feed: (bytes) => shell.feed(bytes),
    kill: () => shell.kill(),
    release: () => {
      shell.whenGone = undefined;
      release();
    },
  };
}

function refusedRun(error: unknown): ShellRun {
  const entered = Promise.reject(error);
  entered.catch(() => undefined);
  const nothing = (): void => undefined;
  return { ended: new Promise(() => undefined), entered, feed: nothing, kill: nothing, release: nothing };
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH };
}
