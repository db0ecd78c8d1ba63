import { randomBytes } from 'node:crypto';
import type { Become } from '../../model/project.ts';
import type { RemoteConnection } from './channel.ts';
import { RemoteRun, RemoteShell, silent } from './remote-shell.ts';
import { isAlone, type ShellRun, type ShellScript, type ShellSink, type ShellTransport } from './transport.ts';

/** OpenSSH allows 10 sessions a connection. */
const mostChannels = 8;
/** Idle shells kept for the next script. */
const mostIdle = 1;

/**
 * Shells on a host over one connection, which is opened when the first script comes and again after it was lost. Questions and
 * changes of files go to a shell that lives on; what starts programs is the last that its shell runs.
 */
export class RemoteTransport implements ShellTransport {
  readonly #open: () => Promise<RemoteConnection>;
  readonly #become: Become | undefined;
  readonly #waiting: (() => void)[] = [];
  #connection: Promise<RemoteConnection> | undefined;
  #idle: RemoteShell[] = [];
  #channels = 0;
  #busy = 0;
  /** Among the words of every shell of the connection that is open. */
  #mark = '';
  /** Marks of connections that broke: what they began may still run. */
  #broken: readonly string[] = [];
  /** Why nobody lets us become who we are to be; not tried again, since accounts lock. */
  #refused: { readonly error: unknown } | undefined;

  /** @param become whom each shell becomes before it is used */
  constructor(open: () => Promise<RemoteConnection>, become?: Become) {
    this.#open = open;
    this.#become = become;
  }

  /** Signs in and starts the first shell. Rejects with a CairnError that says what is in the way. */
  async enter(): Promise<void> {
    this.#use(1);
    const remote = await this.#shell();
    await remote.entered;
    this.#takeBack(remote, true);
  }

  start(script: ShellScript, sink: ShellSink): ShellRun {
    const run = new RemoteRun(script, sink);
    void this.#begin(run, isAlone(script));
    return run;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    this.#mark = '';
    connection?.close();
  }

  async #begin(run: RemoteRun, isLast: boolean): Promise<void> {
    this.#use(1);
    try {
      const remote = await this.#shell();
      run.begin(remote, (isClean) => {
        if (isClean) this.#broken = this.#broken.filter((mark) => !remote.swept.includes(mark));
        this.#takeBack(remote, isClean && !isLast);
      });
    } catch (error) {
      run.fail(error);
      this.#use(-1);
    }
  }

  async #shell(): Promise<RemoteShell> {
    this.#idle = this.#idle.filter(({ isGone }) => !isGone);
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#refused) throw this.#refused.error;
    if (this.#channels >= mostChannels) await new Promise<void>((free) => this.#waiting.push(free));
    this.#channels += 1;
    try {
      const connection = await this.#connected();
      const argv = ['sh', '-s', this.#mark] as const;
      // Every login shell understands it: fish and csh too.
      const channel = await connection.exec(`exec ${argv.join(' ')}`);
      const remote = new RemoteShell(channel, connection.ended, { argv, swept: this.#broken, become: this.#become });
      remote.entered?.catch((error: unknown) => this.#turnedAway(remote, error));
      void remote.gone.then(() => this.#freed());
      return remote;
    } catch (error) {
      this.#freed();
      throw error;
    }
  }

  // A connection that broke meanwhile says nothing of who may become whom.
  #turnedAway(remote: RemoteShell, error: unknown): void {
    remote.end();
    setImmediate(() => {
      if (this.#mark !== '') this.#refused = { error };
    });
  }

  #freed(): void {
    this.#channels -= 1;
    this.#waiting.shift()?.();
  }

  #takeBack(remote: RemoteShell, isReusable: boolean): void {
    if (isReusable && !remote.isGone && this.#idle.length < mostIdle) this.#idle.push(remote);
    else remote.end();
    remote.sink = silent;
    this.#use(-1);
  }

  #connected(): Promise<RemoteConnection> {
    this.#connection ??= this.#open().then(
      (connection) => {
        const mark = `cairn-${randomBytes(8).toString('hex')}`;
        this.#mark = mark;
        void connection.ended.then(() => this.#lost(mark));
        return connection;
      },
      (error: unknown) => {
        this.#connection = undefined;
        throw error;
      },
    );
    return this.#connection;
  }

  // What was closed on purpose has no mark any more.
  #lost(mark: string): void {
    if (this.#mark !== mark) return;
    this.#broken = [...this.#broken, mark];
    this.#mark = '';
    this.#connection = undefined;
  }

  // A connection at rest keeps no process alive.
  #use(change: 1 | -1): void {
    this.#busy += change;
    const isBusy = this.#busy > 0;
    void this.#connection?.then(
      (connection) => (isBusy ? connection.wake() : connection.rest()),
      () => {},
    );
  }
}
