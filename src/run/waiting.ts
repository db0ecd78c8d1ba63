import type { AnyHandle } from '../model/resource.ts';

/** Resources that are written and not ready yet, each with the promise that it becomes so. */
export class Waiting {
  readonly #open = new Map<AnyHandle, Promise<void>>();
  readonly #given = new AbortController();
  #failure: { readonly error: unknown } | undefined;

  /** Aborted when nobody waits for these any more. */
  get givenUp(): AbortSignal {
    return this.#given.signal;
  }

  add(handle: AnyHandle, ready: Promise<void>): void {
    const ended = ready
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#open.delete(handle);
      });
    this.#open.set(handle, ended);
  }

  handles(): ReadonlySet<AnyHandle> {
    return new Set(this.#open.keys());
  }

  /** Resolves when one more is ready. @throws what the first failed one threw */
  async next(): Promise<void> {
    await Promise.race(this.#open.values());
    this.check();
  }

  /** Resolves when all are ready. @throws what the first failed one threw */
  async all(): Promise<void> {
    while (this.#open.size > 0) await this.next();
    this.check();
  }

  /** Gives up all: nothing is left running behind a failure. */
  async giveUp(): Promise<void> {
    this.#given.abort();
    await Promise.all(this.#open.values());
  }

  /** @throws what the first failed one threw */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
