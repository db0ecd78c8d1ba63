import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CairnError, problem } from '../../../model/diagnostic.ts';

/** Files by key, or a folder whose files stand under their own names; a role's own are `role.file('…')`. */
export type FileSource = string | URL | Readonly<Record<string, string | URL>>;

/** What files hold: text, and bytes that are no UTF-8 in base64. */
export interface FileData {
  readonly text: Readonly<Record<string, string>>;
  readonly binary: Readonly<Record<string, string>>;
}

/**
 * Reads files for a ConfigMap or a Secret.
 * @throws CairnError `file-missing`, `relative-path`; `bad-key` for names that are no keys
 */
export function readFiles(source: FileSource): FileData {
  const text: Record<string, string> = {};
  const binary: Record<string, string> = {};
  for (const [key, path] of pathsOf(source)) {
    const bytes = readBytes(path);
    const decoded = decode(bytes);
    if (decoded === null) binary[key] = bytes.toString('base64');
    else text[key] = decoded;
  }
  return { text, binary };
}

function pathsOf(source: FileSource): readonly (readonly [string, string])[] {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return Object.entries(source).map(([key, path]) => [demandKey(key), absolute(path)]);
  }
  const folder = absolute(source);
  return namesIn(folder).map((name) => [demandKey(name), join(folder, name)]);
}

function namesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    throw missing(folder);
  }
}

function absolute(path: string | URL): string {
  if (path instanceof URL) return fileURLToPath(path);
  if (isAbsolute(path)) return path;
  throw new CairnError(
    problem('relative-path', `${path} could lie anywhere: a file needs its whole path`, {
      help: "say role.file('…'), or new URL('…', import.meta.url)",
    }),
  );
}

function demandKey(key: string): string {
  if (/^[-._a-zA-Z0-9]{1,253}$/.test(key)) return key;
  throw new CairnError(
    problem('bad-key', `"${key}" can't be a key of a ConfigMap or a Secret`, {
      help: 'letters, digits, ".", "-" and "_" can: name the file by a key of its own',
    }),
  );
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw missing(path);
  }
}

function missing(path: string): CairnError {
  return new CairnError(problem('file-missing', `${path} can't be read`));
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
