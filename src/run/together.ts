import { isPending } from '../model/plan.ts';
import type { Written } from '../model/resource.ts';
import { hostWriter } from '../plan/access.ts';
import type { Prepared } from '../plan/prepare.ts';
import { Joint, NotBegun } from './joint.ts';
import { type WriteScope, writeOnce } from './write.ts';

interface Begun {
  readonly written: Promise<Written<unknown>>;
  /** Lets its progress out. */
  readonly takeUp: () => void;
}

/**
 * Writes of one level on a host, of which several go there in one script. Each is begun when it is its turn or when it goes
 * along with the ones before it, and is taken up in its turn: what it came to, progress and failure stay its own.
 */
export class Together {
  readonly #scope: WriteScope;
  readonly #level: readonly Prepared[];
  readonly #begun = new Map<Prepared, Begun>();
  #collecting: Promise<void> | undefined;
  #oneMore = Promise.withResolvers<void>();

  /** @param level in the order of the record */
  constructor(scope: WriteScope, level: readonly Prepared[]) {
    this.#scope = scope;
    this.#level = level;
  }

  /** What the write of a resource came to, whose turn it is: those before it are done. Rejects as a write of its own would. */
  async write(prepared: Prepared): Promise<Written<unknown>> {
    // What the host takes back by itself is kept there before each write.
    if (this.#scope.guard || prepared.resource.handle.type.on !== 'host') return await writeOnce(this.#scope, prepared);
    for (;;) {
      const { written, takeUp } = await this.#begin(prepared);
      takeUp();
      try {
        return await written;
      } catch (error) {
        if (!(error instanceof NotBegun)) throw error;
        this.#begun.delete(prepared);
        await this.#collecting;
      }
    }
  }

  /** True where a resource, or one behind it, was written already or is just being written. */
  async isUnderWay(prepared: Prepared): Promise<boolean> {
    await this.#collecting;
    for (const one of this.#level.slice(this.#level.indexOf(prepared))) {
      const begun = this.#begun.get(one);
      const was = await begun?.written.catch((error: unknown) => error);
      if (begun && !(was instanceof NotBegun)) return true;
    }
    return false;
  }

  async #begin(prepared: Prepared): Promise<Begun> {
    for (;;) {
      if (!this.#begun.has(prepared)) {
        this.#collecting ??= this.#collect(prepared).finally(() => {
          this.#collecting = undefined;
        });
      }
      // The first one is started at once.
      const begun = this.#begun.get(prepared);
      if (begun) return begun;
      await Promise.race([this.#collecting, this.#oneMore.promise]);
    }
  }

  // The next one is started when those before it are on their way, or done where it must know what they left.
  async #collect(first: Prepared): Promise<void> {
    const joint = new Joint(hostWriter(this.#scope.reach), this.#scope.context.signal);
    for (const prepared of groupFrom(first, this.#level)) {
      const { written, leave } = this.#start(prepared, joint);
      let said = await joint.hear(written);
      while (said === 'asks' && (await joint.send())) said = await joint.hear(written);
      if (said === 'more') continue;
      leave();
      break;
    }
    await joint.send();
  }

  #start(prepared: Prepared, joint: Joint): { readonly written: Promise<unknown>; readonly leave: () => void } {
    const { context, ref } = this.#scope;
    const { title } = prepared.resource;
    const { promise: takenUp, resolve: takeUp } = Promise.withResolvers<void>();
    const tell = (line: string): void => context.emit({ type: 'progress', ...ref, title, line });
    const { to, leave } = joint.writer((line) => void takenUp.then(() => tell(line)));
    const written = writeOnce(this.#scope, prepared, to);
    // Whoever takes it up hears of it.
    written.catch(() => undefined);
    this.#begun.set(prepared, { written, takeUp });
    this.#oneMore.resolve();
    this.#oneMore = Promise.withResolvers();
    return { written, leave };
  }
}

// What needs no write is passed over; what is waited for, or isn't of the host, holds up what is behind it.
function groupFrom(first: Prepared, level: readonly Prepared[]): readonly Prepared[] {
  const group: Prepared[] = [];
  for (const prepared of level.slice(level.indexOf(first))) {
    const { handle } = prepared.resource;
    if (isPending(prepared.change) && handle.type.on === 'host') group.push(prepared);
    else if (prepared.change.verb !== 'unchanged' && prepared.change.verb !== 'skip') break;
    if (handle.type.ready) break;
  }
  return group;
}
