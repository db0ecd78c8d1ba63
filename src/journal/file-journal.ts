import { join } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { Entry, Journal, Lock } from '../model/journal.ts';
import type { JournalSettings } from '../model/project.ts';
import { type AppendFile, makePrivateFolder, openAppendFile } from './append-file.ts';
import { FileLocks } from './file-locks.ts';
import { thisProcess } from './holder.ts';
import { LineChain } from './lines.ts';
import { readJournal } from './read-journal.ts';
import { encodeEntry } from './records.ts';
import { Sealer } from './seal.ts';

const noteDelay = 5;

interface Waiting {
  readonly entry: Entry;
  readonly durable?: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
}

/** Where a journal folder keeps its entries. */
export function journalFile(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** What is open while this process writes. */
interface Writer {
  readonly file: AppendFile;
  /** Written before the first entry: the key, where this process made one. */
  head: string;
  readonly chain: LineChain;
  readonly sealer: Sealer;
  readonly lock: Lock;
}

/**
 * The journal as a file: opened and locked by the first write, one fsync for all that wait together. After a write that
 * failed every later one fails too.
 */
export class FileJournal implements Journal {
  readonly #settings: JournalSettings;
  readonly #path: string;
  readonly #openFile: typeof openAppendFile;
  #writer: Writer | undefined;
  #pending: Waiting[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #broken: CairnError | undefined;

  constructor(settings: JournalSettings, openFile = openAppendFile) {
    this.#settings = settings;
    this.#path = journalFile(settings.folder);
    this.#openFile = openFile;
  }

  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => this.#enqueue({ entry, durable: { resolve, reject } }));
  }

  note(entry: Entry): void {
    this.#enqueue({ entry });
  }

  async entries(): Promise<readonly Entry[]> {
    await this.#flush();
    const { entries } = await readJournal(this.#path, this.#settings.identities);
    return entries;
  }

  async close(): Promise<void> {
    await this.#flush();
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.file.close();
    await writer?.lock.release();
  }

  #enqueue(waiting: Waiting): void {
    this.#pending.push(waiting);
    if (waiting.durable) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), noteDelay);
  }

  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writePending());
    return this.#flushing;
  }

  async #writePending(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending.splice(0);
    const first = pending[0];
    if (!first) return;
    try {
      if (this.#broken) throw this.#broken;
      this.#writer ??= await this.#open(first.entry);
      const { file, head, chain, sealer } = this.#writer;
      await file.write(head + pending.map(({ entry }) => chain.add(encodeEntry(entry, sealer))).join(''));
      this.#writer.head = '';
      if (pending.some(({ durable }) => durable)) await file.sync();
      for (const { durable } of pending) durable?.resolve();
    } catch (error) {
      this.#broken ??= failed(this.#path, error);
      for (const { durable } of pending) durable?.reject(this.#broken);
    }
  }

  async #open(first: Entry): Promise<Writer> {
    const { folder, identities, recipients } = this.#settings;
    await makePrivateFolder(folder);
    const doing = first.is === 'run-started' ? `cairn ${first.command} ${first.playbook}` : 'cairn';
    const lock = await new FileLocks(join(folder, 'lock'), 'the journal').acquire(thisProcess(first.run, doing));
    try {
      const { whole, last, opener } = await readJournal(this.#path, identities);
      const known = opener.sealerFor(recipients);
      const sealer = known ?? (await Sealer.create(recipients));
      const chain = new LineChain(last);
      const head = known ? '' : chain.add(JSON.stringify({ is: 'key', ...sealer.key }));
      return { file: await this.#openFile(this.#path, whole), head, chain, sealer, lock };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }
}

function failed(file: string, error: unknown): CairnError {
  if (error instanceof CairnError) return error;
  return new CairnError(
    problem('journal-failed', 'The journal could not be written, so nothing more is changed', {
      detail: [file, error instanceof Error ? error.message : String(error)],
      help: 'make room or give access there, then go on with cairn up --run',
    }),
  );
}
