import type { ClientChannel } from 'ssh2';
import { messageOf } from '../../model/diagnostic.ts';
import type { Become } from '../../model/project.ts';
import { Entrance } from '../shell/become/entrance.ts';
import { quoteAll } from '../shell/quote.ts';
import { subshell } from '../shell/subshell.ts';
import type { ShellRun, ShellScript, ShellSink, ShellTransport } from '../shell/transport.ts';
import type { SshConnection } from './connection.ts';

/** OpenSSH allows 10 sessions a connection. */
const mostChannels = 8;
/** Idle shells kept for the next script. */
const mostIdle = 1;
/** Every login shell understands it: fish and csh too. */
const shell = 'exec sh';

const silent: ShellSink = { stdout: () => undefined, stderr: () => undefined };

/**
 * Shells on a host over one connection, which is opened when the first script comes and again after it was lost. Questions and
 * changes of files go to a shell that lives on; what starts programs gets one of its own.
 */
export class SshTransport implements ShellTransport {
  readonly #open: () => Promise<SshConnection>;
  readonly #become: Become | undefined;
  readonly #waiting: (() => void)[] = [];
  #connection: Promise<SshConnection> | undefined;
  #idle: RemoteShell[] = [];
  #channels = 0;
  #busy = 0;
  /** Why nobody lets us become who we are to be; not tried again, since accounts lock. */
  #refused: string | undefined;

  /** @param become whom each shell becomes before it is used */
  constructor(open: () => Promise<SshConnection>, become?: Become) {
    this.#open = open;
    this.#become = become;
  }

  /** Signs in and starts the first shell. Rejects with a CairnError that says what is in the way. */
  async enter(): Promise<void> {
    this.#use(1);
    const remote = await this.#shell(false);
    await remote.entered;
    this.#takeBack(remote, true);
  }

  start(script: ShellScript, sink: ShellSink): ShellRun {
    const run = new RemoteRun(script, sink);
    void this.#begin(run, script.startsPrograms);
    return run;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    connection?.close();
  }

  async #begin(run: RemoteRun, isAlone: boolean): Promise<void> {
    this.#use(1);
    try {
      const remote = await this.#shell(isAlone);
      run.begin(remote, (isClean) => this.#takeBack(remote, isClean && !isAlone));
    } catch (error) {
      run.fail(messageOf(error));
      this.#use(-1);
    }
  }

  async #shell(isAlone: boolean): Promise<RemoteShell> {
    this.#idle = this.#idle.filter(({ isGone }) => !isGone);
    const idle = isAlone ? undefined : this.#idle.pop();
    if (idle) return idle;
    if (this.#refused !== undefined) throw new Error(this.#refused);
    if (this.#channels >= mostChannels) await new Promise<void>((free) => this.#waiting.push(free));
    this.#channels += 1;
    try {
      const connection = await this.#connected();
      const remote = new RemoteShell(await connection.exec(shell), connection.ended, this.#become);
      remote.entered?.catch((error: unknown) => {
        this.#refused = messageOf(error);
        remote.end();
      });
      void remote.gone.then(() => this.#freed());
      return remote;
    } catch (error) {
      this.#freed();
      throw error;
    }
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

  #connected(): Promise<SshConnection> {
    this.#connection ??= this.#open().then(
      (connection) => {
        void connection.ended.then(() => {
          this.#connection = undefined;
        });
        return connection;
      },
      (error: unknown) => {
        this.#connection = undefined;
        throw error;
      },
    );
    return this.#connection;
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

/** A `sh` at the other end of a channel, which reads what to do from its input. */
class RemoteShell {
  readonly #channel: ClientChannel;
  readonly #entrance: Entrance | undefined;
  readonly gone: Promise<string | undefined>;
  isGone = false;
  sink: ShellSink = silent;

  constructor(channel: ClientChannel, ended: Promise<string | undefined>, become: Become | undefined) {
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => this.#listener().stdout(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#listener().stderr(chunk));
    // What is written to a channel that closed meanwhile: `gone` says so.
    channel.on('error', () => undefined);
    const closed = new Promise<string | undefined>((resolve) => channel.once('close', () => resolve(undefined)));
    this.gone = Promise.race([closed, ended.then((why) => why ?? 'the connection was closed')]).then((why) => {
      this.isGone = true;
      this.#entrance?.closed(why);
      return why;
    });
    if (become) {
      this.#entrance = new Entrance(become, ['sh'], (text) => this.send(text));
      this.send(`exec ${quoteAll(this.#entrance.argv)}\n`);
    }
  }

  /** When it became who it is to be; undefined where that is nobody else. Rejects with a CairnError. */
  get entered(): Promise<void> | undefined {
    return this.#entrance?.entered;
  }

  /** @param text one byte a character */
  send(text: string): void {
    this.#channel.write(Buffer.from(text, 'latin1'));
  }

  end(): void {
    this.#channel.close();
  }

  /** Ends what runs in it: its input closes, which the watcher beside every program waits for. */
  kill(): void {
    this.#channel.signal('TERM');
    this.#channel.close();
  }

  // A program that lets others in speaks before the shell does.
  #listener(): ShellSink {
    return this.#entrance && !this.#entrance.isOver ? this.#entrance : this.sink;
  }
}

/** One script, from before its shell is there until it has printed its last byte. */
class RemoteRun implements ShellRun {
  readonly ended: Promise<string | undefined>;
  readonly entered: Promise<void>;
  readonly #script: ShellScript;
  readonly #sink: ShellSink;
  #end: (why: string | undefined) => void = () => undefined;
  #enter: () => void = () => undefined;
  #remote: RemoteShell | undefined;
  #giveBack: (isClean: boolean) => void = () => undefined;
  #isKilled = false;

  constructor(script: ShellScript, sink: ShellSink) {
    this.#script = script;
    this.#sink = sink;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.entered = new Promise((resolve) => {
      this.#enter = resolve;
    });
  }

  begin(remote: RemoteShell, giveBack: (isClean: boolean) => void): void {
    let isBack = false;
    this.#giveBack = (isClean) => {
      if (!isBack) giveBack(isClean);
      isBack = true;
    };
    this.#remote = remote;
    void remote.gone.then((why) => {
      this.#giveBack(false);
      this.#end(why);
    });
    if (this.#isKilled) {
      remote.kill();
      return;
    }
    void (remote.entered ?? Promise.resolve()).then(
      () => this.#send(remote),
      (error: unknown) => this.#end(messageOf(error)),
    );
  }

  #send(remote: RemoteShell): void {
    this.#enter();
    remote.sink = this.#sink;
    remote.send(subshell(this.#script));
  }

  fail(why: string): void {
    this.#end(why);
  }

  kill(): void {
    this.#isKilled = true;
    this.#remote?.kill();
  }

  release(): void {
    this.#giveBack(true);
  }
}
