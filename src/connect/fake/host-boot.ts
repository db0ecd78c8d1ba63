import { createHash, randomUUID } from 'node:crypto';
import { rebootSign } from '../../model/reboot.ts';
import type { FakeHost } from './host.ts';

/** How a fake host restarts: it says that it will, answers nothing for a while, and then is another boot. */
export class FakeBoot {
  readonly #host: FakeHost;
  /** Questions without an answer while it is down. */
  silent = 3;
  /** Called when it has started again. */
  after: (() => void) | undefined;
  #isOver = false;

  constructor(host: FakeHost) {
    this.#host = host;
  }

  /** @returns how many questions get no answer from now on */
  end(boot: string): number {
    const content = Buffer.from(`${boot}\n`);
    this.#host.files.set(rebootSign, { kind: 'file', content, mode: '0644', owner: 'root', group: 'root' });
    this.#isOver = true;
    return this.silent;
  }

  /** Starts anew when it was to: another boot, and nothing of /run is left. */
  start(): void {
    if (!this.#isOver) return;
    this.#isOver = false;
    this.#host.facts = { ...this.#host.facts, bootId: randomUUID() };
    this.#host.files.removeBeneath('/run');
    this.after?.();
  }

  /** Of the kernel's own file, which is not among those of a disk. */
  sum(): string {
    return createHash('sha256').update(`${this.#host.facts.bootId}\n`).digest('hex');
  }
}
