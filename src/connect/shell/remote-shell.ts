import { CairnError, messageOf } from '../../model/diagnostic.ts';
import { isLoss } from '../../model/loss.ts';
import type { Become } from '../../model/project.ts';
import { Entrance } from './become/entrance.ts';
import type { RemoteChannel } from './channel.ts';
import { prelude } from './prelude.ts';
import { quoteAll } from './quote.ts';
import { subshell } from './subshell.ts';
import { sweep } from './sweep.ts';
import type { ShellRun, ShellScript, ShellSink } from './transport.ts';

/** Where output goes that nobody waits for. */
export const silent: ShellSink = { stdout: () => undefined, stderr: () => undefined };

interface ShellStart {
  /** The POSIX sh, as it is found among the processes of the host. */
  readonly argv: readonly [string, ...string[]];
  /** Marks of broken connections, whose shells are ended before anything runs in this one. */
  readonly swept: readonly string[];
  readonly become: Become | undefined;
}

/** A `sh` at the other end of a channel, which reads what to do from its input. */
export class RemoteShell {
  readonly #channel: RemoteChannel;
  readonly #entrance: Entrance | undefined;
  readonly gone: Promise<string | undefined>;
  readonly swept: readonly string[];
  /** Its connection is over. */
  isCut = false;
  isGone = false;
  /** Nothing has run in it yet. */
  isFresh = true;
  sink: ShellSink = silent;
  /** Called when it is gone, by whose script runs in it: a listener to `gone` would be kept as long as the shell. */
  whenGone: ((why: string | undefined) => void) | undefined;

  constructor(channel: RemoteChannel, ended: Promise<string | undefined>, { argv, swept, become }: ShellStart) {
    this.#channel = channel;
    this.swept = swept;
    channel.listen({
      stdout: (chunk) => this.#listener().stdout(chunk),
      stderr: (chunk) => this.#listener().stderr(chunk),
    });
    void ended.then(() => {
      this.isCut = true;
    });
    this.gone = Promise.race([channel.closed, ended.then((why) => why ?? 'the connection was closed')]).then((why) => {
      this.isGone = true;
      this.#entrance?.closed(why);
      this.whenGone?.(why);
      return why;
    });
    if (become) {
      this.#entrance = new Entrance(become, argv, (text) => this.send(text));
      this.send(`exec ${quoteAll(this.#entrance.argv)}\n`);
    }
  }

  /** When it became who it is to be; undefined where that is nobody else. Rejects with a CairnError. */
  get entered(): Promise<void> | undefined {
    return this.#entrance?.entered;
  }

  /** @param text one byte a character */
  send(text: string): void {
    this.feed(Buffer.from(text, 'latin1'));
  }

  feed(bytes: Uint8Array): void {
    this.#channel.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  end(): void {
    this.#channel.close();
  }

  /** Ends what runs in it: its input closes, which the watcher beside every program waits for. */
  kill(): void {
    this.#channel.kill();
  }

  // A program that lets others in speaks before the shell does.
  #listener(): ShellSink {
    return this.#entrance && !this.#entrance.isOver ? this.#entrance : this.sink;
  }
}

/** One script, from before its shell is there until it has printed its last byte. */
export class RemoteRun implements ShellRun {
  readonly ended: Promise<string | undefined>;
  readonly entered: Promise<void>;
  readonly #script: ShellScript;
  readonly #sink: ShellSink;
  #end: (why: string | undefined) => void = () => undefined;
  #enter: () => void = () => undefined;
  #refuse: (error: CairnError) => void = () => undefined;
  #remote: RemoteShell | undefined;
  #giveBack: (isClean: boolean) => void = () => undefined;
  #isKilled = false;

  constructor(script: ShellScript, sink: ShellSink) {
    this.#script = script;
    this.#sink = sink;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.entered = new Promise((resolve, reject) => {
      this.#enter = resolve;
      this.#refuse = reject;
    });
  }

  begin(remote: RemoteShell, giveBack: (isClean: boolean) => void): void {
    let isBack = false;
    this.#giveBack = (isClean) => {
      remote.whenGone = undefined;
      if (!isBack) giveBack(isClean);
      isBack = true;
    };
    this.#remote = remote;
    const gone = (why: string | undefined): void => {
      this.#giveBack(false);
      setImmediate(() => this.#end(why));
    };
    if (remote.isGone) void remote.gone.then(gone);
    else remote.whenGone = gone;
    if (this.#isKilled) {
      remote.kill();
      return;
    }
    void (remote.entered ?? Promise.resolve()).then(
      () => this.#send(remote),
      // A connection that broke meanwhile refuses nothing.
      (error: unknown) => setImmediate(() => (remote.isCut ? this.#end(messageOf(error)) : this.fail(error))),
    );
  }

  #send(remote: RemoteShell): void {
    this.#enter();
    remote.sink = this.#sink;
    remote.send(remote.isFresh ? sweep(remote.swept) + prelude + subshell(this.#script) : subshell(this.#script));
    remote.isFresh = false;
  }

  /** There is no shell for it; what another try may mend is no refusal. */
  fail(error: unknown): void {
    if (error instanceof CairnError && !isLoss(error)) this.#refuse(error);
    this.#end(messageOf(error));
  }

  feed(bytes: Uint8Array): void {
    this.#remote?.feed(bytes);
  }

  kill(): void {
    this.#isKilled = true;
    this.#remote?.kill();
  }

  release(): void {
    this.#giveBack(true);
  }
}
