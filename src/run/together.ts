import type { HostWriter } from '../model/host.ts';
import type { Written } from '../model/resource.ts';
import { Joint, NotBegun } from './joint.ts';

/** How the things of a level are written. */
export interface Writes<T> {
  readonly host: HostWriter;
  readonly stop: AbortSignal;
  /** Tries one once. @param to what it is written through, where that isn't its target alone */
  write(one: T, to?: HostWriter): Promise<Written<unknown>>;
  /** Says what its program prints. */
  tell(one: T, line: string): void;
  place(one: T): Place;
}

/** What a thing means for those before and behind it. */
export interface Place {
  /** It may go to the host with those before it. */
  readonly joins: boolean;
  /** It holds up what is behind it. */
  readonly ends: boolean;
}

interface Begun {
  readonly written: Promise<Written<unknown>>;
  /** Lets its progress out. */
  readonly takeUp: () => void;
}

/**
 * Writes of one level on a host, of which several go there in one script. Each is begun when it is its turn or when it goes
 * along with the ones before it, and is taken up in its turn: what it came to, progress and failure stay its own.
 */
export class Together<T> {
  readonly #writes: Writes<T>;
  readonly #level: readonly T[];
  readonly #begun = new Map<T, Begun>();
  #collecting: Promise<void> | undefined;
  #oneMore = Promise.withResolvers<void>();

  /** @param level in the order in which they are written */
  constructor(writes: Writes<T>, level: readonly T[]) {
    this.#writes = writes;
    this.#level = level;
  }

  /** What the write of a thing came to, whose turn it is: those before it are done. Rejects as a write of its own would. */
  async write(one: T): Promise<Written<unknown>> {
    if (!this.#writes.place(one).joins) return await this.#writes.write(one);
    for (;;) {
      const { written, takeUp } = await this.#begin(one);
      takeUp();
      try {
        return await written;
      } catch (error) {
        if (!(error instanceof NotBegun)) throw error;
        this.#begun.delete(one);
        await this.#collecting;
      }
    }
  }

  /** True where a thing, or one behind it, was written already or is just being written. */
  async isUnderWay(from: T): Promise<boolean> {
    await this.#collecting;
    for (const one of this.#level.slice(this.#level.indexOf(from))) {
      const begun = this.#begun.get(one);
      const was = await begun?.written.catch((error: unknown) => error);
      if (begun && !(was instanceof NotBegun)) return true;
    }
    return false;
  }

  async #begin(one: T): Promise<Begun> {
    for (;;) {
      if (!this.#begun.has(one)) {
        this.#collecting ??= this.#collect(one).finally(() => {
          this.#collecting = undefined;
        });
      }
      // The first one is started at once.
      const begun = this.#begun.get(one);
      if (begun) return begun;
      await Promise.race([this.#collecting, this.#oneMore.promise]);
    }
  }

  // The next one is started when those before it are on their way, or done where it must know what they left.
  async #collect(first: T): Promise<void> {
    const joint = new Joint(this.#writes.host, this.#writes.stop);
    for (const one of this.#groupFrom(first)) {
      const { written, leave } = this.#start(one, joint);
      let said = await joint.hear(written);
      while (said === 'asks' && (await joint.send())) said = await joint.hear(written);
      if (said === 'more') continue;
      leave();
      break;
    }
    await joint.send();
  }

  #start(one: T, joint: Joint): { readonly written: Promise<unknown>; readonly leave: () => void } {
    const { promise: takenUp, resolve: takeUp } = Promise.withResolvers<void>();
    const { to, leave } = joint.writer((line) => void takenUp.then(() => this.#writes.tell(one, line)));
    const written = this.#writes.write(one, to);
    // Whoever takes it up hears of it.
    written.catch(() => undefined);
    this.#begun.set(one, { written, takeUp });
    this.#oneMore.resolve();
    this.#oneMore = Promise.withResolvers();
    return { written, leave };
  }

  #groupFrom(first: T): readonly T[] {
    const group: T[] = [];
    for (const one of this.#level.slice(this.#level.indexOf(first))) {
      const { joins, ends } = this.#writes.place(one);
      if (joins) group.push(one);
      if (ends) break;
    }
    return group;
  }
}
