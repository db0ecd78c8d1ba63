import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { messageOf } from '../../model/diagnostic.ts';
import type { Become } from '../../model/project.ts';
import { Entrance } from '../shell/become/entrance.ts';
import type { ShellSink } from '../shell/transport.ts';

/** Milliseconds between asking a shell's group to end and killing it. */
const grace = 2000;

/** How a local shell is started. */
export interface LocalShell {
  /** Default: `sh`. */
  readonly argv?: readonly [string, ...string[]];
  /** Unix user and group to run as; default: our own. */
  readonly uid?: number;
  readonly gid?: number;
  /** Words before the command: another root, another namespace. */
  readonly before?: readonly string[];
  /** Whom the shell becomes before it is used. */
  readonly become?: Become;
}

/** Where output goes that nobody waits for. */
export const silent: ShellSink = { stdout: () => undefined, stderr: () => undefined };

/** A shell that reads what to do from its input, which closes when this process dies, however it dies. */
export class LocalShellProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #entrance: Entrance | undefined;
  #sink: ShellSink = silent;
  /** Resolves when it is gone, with the reason if it was not its own wish. */
  readonly gone: Promise<string | undefined>;
  isGone = false;
  /** Called when it is gone, by whose script runs in it: a listener to `gone` would be kept as long as the shell. */
  whenGone: ((why: string | undefined) => void) | undefined;
  /** Nothing has run in it yet. */
  isFresh = true;

  constructor({ argv = ['sh'], uid, gid, become, before = [] }: LocalShell, env: NodeJS.ProcessEnv) {
    this.#entrance =
      become && new Entrance(become, argv, (text) => this.#child.stdin.write(Buffer.from(text, 'latin1')));
    const [program = 'sh', ...args] = [...before, ...(this.#entrance?.argv ?? argv)];
    this.#child = spawn(program, args, {
      // A group of its own, so that ^C reaches us alone and all of it can be ended together.
      detached: true,
      env,
      cwd: '/',
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#listener().stdout(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => this.#listener().stderr(chunk));
    // A shell that ends early closes its input; `gone` says so.
    this.#child.stdin.on('error', () => undefined);
    this.gone = new Promise((resolve) => {
      const over = (why: string | undefined): void => {
        this.isGone = true;
        this.#entrance?.closed(why);
        resolve(why);
        this.whenGone?.(why);
      };
      this.entered?.catch((error: unknown) => {
        over(messageOf(error));
        this.kill();
      });
      this.#child.once('error', (error) => over(`${program} could not be started: ${error.message}`));
      this.#child.once('close', (_, signal) => over(signal ? `the shell was ended by ${signal}` : undefined));
    });
  }

  /** When it became who it is to be; undefined where that is nobody else. Rejects with a CairnError. */
  get entered(): Promise<void> | undefined {
    return this.#entrance?.entered;
  }

  /** Sends bytes (one a character) and gives what comes back to a sink. */
  send(text: string, sink: ShellSink): void {
    this.#sink = sink;
    this.isFresh = false;
    this.#hold(true);
    const write = (): void => void this.#child.stdin.write(Buffer.from(text, 'latin1'));
    if (!this.entered) write();
    else void this.entered.then(write).catch(() => undefined);
  }

  /** Sends what a script that runs in it asked for. */
  feed(bytes: Uint8Array): void {
    this.#child.stdin.write(bytes);
  }

  /** Nothing is going on in it; it doesn't keep this process alive. */
  rest(): void {
    this.#sink = silent;
    this.#hold(false);
  }

  /** Lets it end by itself; whatever it left running keeps its own way. */
  end(): void {
    this.#sink = silent;
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.unref();
  }

  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    // What runs as another user takes no signal from us; it ends when its input does.
    if (this.#entrance) this.#child.stdin.destroy();
    signal(pid, 'SIGTERM');
    setTimeout(() => signal(pid, 'SIGKILL'), grace).unref();
  }

  // A program that lets others in speaks before the shell does.
  #listener(): ShellSink {
    return this.#entrance && !this.#entrance.isOver ? this.#entrance : this.#sink;
  }

  #hold(busy: boolean): void {
    const handles = [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as Socket[];
    for (const handle of handles) busy ? handle.ref() : handle.unref();
  }
}

function signal(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name);
  } catch {
    // It is gone already, or another user's.
  }
}
