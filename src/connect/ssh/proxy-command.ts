import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { CairnError, diagnosticsOf, problem } from '../../model/diagnostic.ts';
import { redact } from '../../model/redact.ts';
import type { SshSettings } from './settings.ts';

/** Milliseconds that a command which is over has to say why. */
const lastWords = 500;
const linesShown = 5;

/** The streams of a ProxyCommand as one: it runs in a shell of the user, and ends when this is destroyed. */
export class ProxyCommand extends Duplex {
  readonly #command: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #over: Promise<string>;
  #isOver = false;
  #said = '';

  /** @param command its tokens replaced */
  constructor(command: string, env: NodeJS.ProcessEnv) {
    super();
    this.#command = command;
    // A group of its own, so that ^C reaches us alone and all of it can be ended together; `exec`, as OpenSSH does.
    this.#child = spawn(env.SHELL || '/bin/sh', ['-c', `exec ${command}`], {
      env,
      detached: true,
      stdio: 'pipe',
    });
    const { stdin, stdout, stderr } = this.#child;
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stdout.once('end', () => this.push(null));
    stderr.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-4096);
    });
    // One that ends early closes its input; how it ended says more.
    stdin.on('error', () => undefined);
    this.#over = new Promise((resolve) => {
      const over = (how: string): void => {
        this.#isOver = true;
        resolve(how);
        this.destroy();
      };
      this.#child.once('error', (error) => over(`could not be started: ${error.message}`));
      this.#child.once('close', (status, signal) => over(`ended with ${signal ?? `exit code ${status}`}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#child.stdin.write(chunk)) done();
    else this.#child.stdin.once('drain', done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.stdin.destroy();
    if (!this.#isOver && this.#child.pid !== undefined) endGroup(this.#child.pid);
    done(error);
  }

  ref(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  /** It keeps this process alive no longer. */
  unref(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  #handles(): readonly Socket[] {
    const { stdin, stdout, stderr } = this.#child;
    return [this.#child, stdin, stdout, stderr] as unknown as readonly Socket[];
  }

  /** Why no connection came of it: what the command said, where it is what failed. */
  async explain(error: unknown, { name }: SshSettings): Promise<unknown> {
    const how = await Promise.race([
      this.#over,
      new Promise<undefined>((late) => void setTimeout(() => late(undefined), lastWords)),
    ]);
    this.destroy();
    const [why] = diagnosticsOf(error);
    if (why?.code !== 'host-unreachable' || /share no strong algorithm/.test(why.summary)) return error;
    const lines = redact(this.#said)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    return new CairnError(
      problem('host-unreachable', `${name} can't be reached: its ProxyCommand ${how ?? 'leads to no SSH server'}`, {
        detail: [redact(this.#command), ...lines.slice(-linesShown)],
        help: 'try the command by hand; ProxyCommand none takes it away',
      }),
    );
  }
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGTERM');
  } catch {
    // It is gone already.
  }
}
