import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Which cluster a name meant last time: UIDs of `kube-system` by name, in a file of the state folder. */
export class Pins {
  readonly #file: string;
  readonly #pins: Map<string, string>;

  constructor(file: string) {
    this.#file = file;
    this.#pins = new Map(Object.entries(readPins(file)));
  }

  get(name: string): string | undefined {
    return this.#pins.get(name);
  }

  set(name: string, uid: string): void {
    this.#pins.set(name, uid);
    this.#save();
  }

  forget(name: string): void {
    if (this.#pins.delete(name)) this.#save();
  }

  #save(): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const fresh = `${this.#file}.${process.pid}`;
    writeFileSync(fresh, `${JSON.stringify(Object.fromEntries(this.#pins), null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, this.#file);
  }
}

function readPins(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
