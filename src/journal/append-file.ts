import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that grows at its end. */
export interface AppendFile {
  write(text: string): Promise<void>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file for appending, in a folder that only its owner can enter.
 * @param length bytes to keep; what follows them is cut off
 */
export async function openAppendFile(file: string, length: number): Promise<AppendFile> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.truncate(length);
    if (length === 0) await syncFolder(dirname(file));
    return appendTo(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Makes a folder that only its owner can enter. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

// The name of a new file is durable only when its folder is.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function appendTo(handle: FileHandle): AppendFile {
  return {
    write: (text) => handle.appendFile(text),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
