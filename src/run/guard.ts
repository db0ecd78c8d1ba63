import { randomBytes } from 'node:crypto';
import type { OpenTarget } from '../model/connections.ts';
import { CairnError, type Diagnostic, problem } from '../model/diagnostic.ts';
import type { StepRef } from '../model/event.ts';
import { isPending } from '../model/plan.ts';
import { guardFolder, guardSeconds, type Saves, type StepGuard } from '../model/revert.ts';
import { type Reach, readerFor } from '../plan/access.ts';
import { type Prepared, prepare, readResource, type View } from '../plan/prepare.ts';
import type { RunContext, RunState } from './context.ts';
import { type Guarded, givenBack, lockedOut, notGivenBack, notSeen } from './guard-words.ts';
import { begin, noteDone } from './journaled.ts';

type Host = NonNullable<OpenTarget['host']>;

/** Milliseconds between two tries to be let in. */
const pause = 1_000;
/** Milliseconds that a host may take to give back what it kept, and to answer again. */
const slack = 30_000;

/** What a guard works with. */
export interface GuardScope {
  readonly context: RunContext;
  readonly state: RunState;
  readonly reach: Reach;
  readonly ref: StepRef;
}

/**
 * The dead man's handle of a step on one host: before each change, the host keeps what is there, and gives it back by
 * itself unless it lets us in over a new connection, and the step is verified, in time.
 */
export class HostGuard {
  readonly #scope: GuardScope;
  readonly #host: Host;
  readonly #target: string;
  readonly #seconds: number;
  readonly #after: StepGuard['after'];
  readonly #name = randomBytes(8).toString('hex');
  readonly #changed: Prepared[] = [];
  /** Milliseconds of the run's clock: the host's time is over. */
  #due = 0;
  isArmed = false;

  private constructor(scope: GuardScope, host: Host, target: string, { within, after }: StepGuard) {
    this.#scope = scope;
    this.#host = host;
    this.#target = target;
    this.#seconds = guardSeconds(within) ?? 0;
    this.#after = after;
  }

  /** The guard of a step that has one, on a host that answers. */
  static of(guard: StepGuard | undefined, scope: GuardScope): HostGuard | undefined {
    const { host } = scope.reach;
    if (guard === undefined || host?.is !== 'open' || !host.host) return undefined;
    return new HostGuard(scope, host.host, host.id, guard);
  }

  /** Has the host keep what a change will overwrite, and count anew. Rejects once its time was over. */
  async protect(prepared: Prepared): Promise<void> {
    const { context, reach } = this.#scope;
    const { type, id } = prepared.resource.handle;
    const live = prepared.reading?.is === 'present' ? prepared.reading.live : null;
    const own = (await type.saves?.({ id, want: prepared.want, live }, readerFor(type.on, reach))) ?? {};
    const first = this.#changed.length === 0;
    const after = first && this.#after ? [{ argv: this.#after }] : [];
    const saves: Saves = { ...own, afterwards: [...(own.afterwards ?? []), ...after] };
    if (first) await context.journal.append(this.#entry('armed'));
    this.isArmed = true;
    this.#changed.push(prepared);
    this.#due = context.clock.now() + this.#seconds * 1000;
    const arm = { do: 'arm', guard: this.#name, entry: this.#changed.length, seconds: this.#seconds, saves } as const;
    await this.#host.writer.change({ guards: [], operations: [arm], readBack: [] });
  }

  /**
   * Signs in over a new connection and reads what was changed.
   * @throws CairnError `locked-out` when nobody let us in in time, `not-as-declared`
   */
  async comeBack(view: View): Promise<void> {
    await this.#signIn();
    for (const { resource } of this.#changed) {
      const again = await prepare(resource, await readResource(resource, this.#scope.reach), view);
      if (again.change.problem) throw new CairnError(again.change.problem);
      if (isPending(again.change)) {
        const detail = again.change.fields.map(({ path }) => path);
        throw new CairnError(problem('not-as-declared', `${resource.title} is not as declared`, { detail }));
      }
    }
  }

  async #signIn(): Promise<void> {
    const { clock, signal, emit } = this.#scope.context;
    const began = clock.now();
    for (;;) {
      try {
        await this.#host.renew?.();
        const kept = await this.#host.reader.ask({ ask: 'stat', path: guardFolder(this.#name) });
        if (kept === null) throw new Error('it lets us in again since it has given itself back what was there');
        return;
      } catch (error) {
        if (clock.now() + pause > this.#due || signal.aborted) throw lockedOut(this.#called(), this.#seconds, error);
        const on = `${this.#called()} to let us in over a new connection`;
        emit({ type: 'waiting', ...this.#scope.ref, title: 'guard', on, ms: clock.now() - began });
        await clock.sleep(pause, signal);
      }
    }
  }

  /** What was changed stays. @throws CairnError when the host's time was over */
  async keep(): Promise<void> {
    await this.#tell({ do: 'disarm', guard: this.#name });
    this.isArmed = false;
    this.#scope.context.journal.note(this.#entry('kept'));
  }

  /** Has the host give back what it kept, or waits until it has done so by itself. @returns what became of it, for people */
  async giveBack(): Promise<Diagnostic> {
    const { clock } = this.#scope.context;
    const until = Math.max(this.#due, clock.now()) + slack;
    let isTold = false;
    for (;;) {
      const gone: 'gone' | 'failed' | 'there' | undefined = await this.#askBack(isTold).catch(() => undefined);
      if (gone === 'gone') return this.#givenBack();
      if (gone === 'failed') return notGivenBack(this.#guarded());
      isTold ||= gone !== undefined;
      if (clock.now() > until) return notSeen(this.#guarded());
      await clock.sleep(pause, new AbortController().signal);
    }
  }

  async #askBack(isTold: boolean): Promise<'gone' | 'failed' | 'there'> {
    if (!isTold) await this.#tell({ do: 'give-back', guard: this.#name });
    const folder = guardFolder(this.#name);
    const [there, failed] = await Promise.all(
      [folder, `${folder}/failed`].map((path) => this.#host.reader.ask({ ask: 'stat', path })),
    );
    return there === null ? 'gone' : failed === null ? 'there' : 'failed';
  }

  async #tell(operation: { readonly do: 'disarm' | 'give-back'; readonly guard: string }): Promise<void> {
    await this.#host.writer.change({ guards: [], operations: [operation], readBack: [] });
  }

  #givenBack(): Diagnostic {
    const { context, state, ref } = this.#scope;
    this.isArmed = false;
    begin(context, state);
    context.journal.note(this.#entry('given-back'));
    for (const title of this.#titles()) state.unchange(title);
    const first = new Map(this.#changed.toReversed().map((prepared) => [prepared.resource.address, prepared]));
    for (const { resource, reading } of first.values()) {
      const before = reading?.is === 'present' ? resource.handle.type.codec.encode(reading.live) : null;
      const place = { step: ref.step, target: this.#target };
      noteDone(context, place, resource.address, before === null ? 'removed' : 'updated', before);
    }
    return givenBack(this.#guarded());
  }

  #guarded(): Guarded {
    return { host: this.#called(), folder: guardFolder(this.#name), titles: this.#titles() };
  }

  #titles(): readonly string[] {
    return [...new Set(this.#changed.map(({ resource }) => resource.title))];
  }

  #called(): string {
    return this.#scope.ref.target.replace(/^host:/, '');
  }

  #entry(what: 'armed' | 'kept' | 'given-back') {
    const { context, ref } = this.#scope;
    const folder = guardFolder(this.#name);
    return {
      is: 'guard',
      run: context.run,
      step: ref.step,
      target: this.#target,
      what,
      folder,
      at: context.clock.date(),
    } as const;
  }
}
