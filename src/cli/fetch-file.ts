import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { HostReader } from '../model/host.ts';

/** A host's file, here. */
export interface Fetched {
  /** Where it lies on this machine. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it was here already. */
  readonly is: 'fetched' | 'unchanged';
}

interface Found {
  /** The path itself, behind all links. */
  readonly real: string;
  readonly size: number;
  readonly sha256: string;
}

/** Files being written, to be removed when the process is told to stop. */
export type Unfinished = Set<string>;

/** Bytes that one answer holds: as many hosts as are asked at once have one in memory each. */
const pieceBytes = 2 * 1024 * 1024;

/**
 * Brings a file of a host to this machine: a temporary file beside the goal, which gets its name when its sum is the host's.
 * It may hold secrets, so nobody else may read it, and folders that are made for it.
 * @throws CairnError `not-a-file`, `changed-meanwhile`, `unreadable`
 */
export async function fetchFile(
  reader: HostReader,
  path: string,
  { file, unfinished }: { readonly file: string; readonly unfinished: Unfinished },
): Promise<Fetched> {
  const found = await find(reader, path);
  const result = { file, bytes: found.size, sha256: found.sha256 };
  if ((await sumOf(file)) === found.sha256) return { ...result, is: 'unchanged' };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  unfinished.add(temporary);
  try {
    await copyTo(reader, found, temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
    unfinished.delete(temporary);
  }
  return { ...result, is: 'fetched' };
}

async function find(reader: HostReader, path: string): Promise<Found> {
  const resolved = await reader.ask({ ask: 'run', argv: ['readlink', '-f', path] });
  const real = resolved.status === 0 ? resolved.stdout.replace(/\n$/, '') : path;
  const [state, sha256] = await Promise.all([
    reader.ask({ ask: 'stat', path: real }),
    reader.ask({ ask: 'sha256', path: real }),
  ]);
  if (state?.kind === 'file' && sha256 !== null) return { real, size: state.size, sha256 };
  const what = state
    ? `is no file, but a ${state.kind === 'other' ? 'device, socket or pipe' : state.kind}`
    : 'is not there';
  throw new CairnError(problem('not-a-file', `${path} ${what}`));
}

async function copyTo(reader: HostReader, { real, size, sha256 }: Found, file: string): Promise<void> {
  const sum = createHash('sha256');
  const handle = await open(file, 'wx', 0o600);
  try {
    for (let from = 0; from < size; from += pieceBytes) {
      const piece = await reader.ask({ ask: 'piece', path: real, from, bytes: pieceBytes });
      if (!piece || piece.length === 0) break;
      sum.update(piece);
      await writeWhole(handle, piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (sum.digest('hex') === sha256) return;
  throw new CairnError(
    problem('changed-meanwhile', `${real} changed while it was fetched; nothing is kept of it`, {
      help: 'fetch it again, or a copy of it that nobody writes to',
    }),
  );
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
}

async function sumOf(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}
