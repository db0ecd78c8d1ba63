import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { Entry, Journal } from '../model/journal.ts';
import type { JournalSettings } from '../model/project.ts';
import { decodeLines, encodeLine } from './lines.ts';
import { decodeEntry, encodeEntry } from './records.ts';
import { Opener, Sealer, type WrappedKey } from './seal.ts';

const noteDelay = 20;

interface Waiting {
  readonly entry: Entry;
  readonly durable?: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
}

type Stored = Entry | ({ readonly is: 'key' } & WrappedKey);

/** Where a journal folder keeps its entries. */
export function journalFile(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** The journal as a file: opened on the first write, one fsync for all that wait together. */
export class FileJournal implements Journal {
  readonly #settings: JournalSettings;
  readonly #file: string;
  #handle: FileHandle | undefined;
  #sealer: Promise<Sealer> | undefined;
  #pending: Waiting[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #broken: CairnError | undefined;

  constructor(settings: JournalSettings) {
    this.#settings = settings;
    this.#file = journalFile(settings.folder);
  }

  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => this.#enqueue(entry, { resolve, reject }));
  }

  note(entry: Entry): void {
    this.#enqueue(entry);
  }

  async entries(): Promise<readonly Entry[]> {
    await this.#flush();
    const opener = new Opener(this.#settings.identities);
    const entries: Promise<Entry>[] = [];
    for (const record of decodeLines(await readIfThere(this.#file), this.#file).records) {
      const stored = JSON.parse(record) as Stored;
      if (stored.is === 'key') opener.learn(stored);
      else entries.push(decodeEntry(stored, opener));
    }
    return Promise.all(entries);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
    await this.#handle?.close();
    this.#handle = undefined;
  }

  // Lines are made when the key is there, in the order in which they were asked for.
  #enqueue(entry: Entry, durable?: Waiting['durable']): void {
    this.#pending.push({ entry, ...(durable ? { durable } : {}) });
    if (durable) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), noteDelay).unref();
  }

  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeAll());
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending.splice(0);
    if (pending.length === 0) return;
    try {
      if (this.#broken) throw this.#broken;
      const { handle, sealer } = await this.#open();
      await handle.appendFile(pending.map(({ entry }) => encodeLine(encodeEntry(entry, sealer))).join(''));
      if (pending.some(({ durable }) => durable)) await handle.datasync();
      for (const { durable } of pending) durable?.resolve();
    } catch (error) {
      this.#broken ??= failed(this.#file, error);
      for (const { durable } of pending) durable?.reject(this.#broken);
    }
  }

  async #open(): Promise<{ handle: FileHandle; sealer: Sealer }> {
    this.#sealer ??= Sealer.create(this.#settings.recipients);
    const sealer = await this.#sealer;
    if (this.#handle) return { handle: this.#handle, sealer };
    await mkdir(this.#settings.folder, { recursive: true, mode: 0o700 });
    const bytes = await readIfThere(this.#file);
    const { whole } = decodeLines(bytes, this.#file);
    const handle = await open(this.#file, 'a', 0o600);
    if (whole < bytes.length) await handle.truncate(whole);
    this.#handle = handle;
    await handle.appendFile(encodeLine(JSON.stringify({ is: 'key', ...sealer.key })));
    return { handle, sealer };
  }
}

async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw failed(file, error);
  }
}

function failed(file: string, error: unknown): CairnError {
  if (error instanceof CairnError) return error;
  return new CairnError(
    problem('journal-failed', 'the journal could not be written, so nothing more is changed', {
      detail: [file, error instanceof Error ? error.message : String(error)],
      help: 'make room or give access there, then go on with cairn up --run',
    }),
  );
}
