interface Gate {
  busy: number;
  readonly waiting: (() => void)[];
}

/** Lets at most so many at a time through each of its gates, in the order in which they came. */
export class Turnstile {
  readonly #most: number;
  readonly #gates = new Map<string, Gate>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Works when it is our turn. @param name of the gate */
  async through<T>(name: string, work: () => Promise<T>): Promise<T> {
    const gate = this.#gates.get(name) ?? { busy: 0, waiting: [] };
    this.#gates.set(name, gate);
    if (gate.busy < this.#most) gate.busy += 1;
    else await new Promise<void>((free) => gate.waiting.push(free));
    try {
      return await work();
    } finally {
      const next = gate.waiting.shift();
      if (next) next();
      else gate.busy -= 1;
    }
  }
}
