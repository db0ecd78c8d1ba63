import { CairnError, problem } from '../../model/diagnostic.ts';

/**
 * Shell text in this folder holds one byte a character, so that any bytes fit in: text is UTF-8 inside.
 * `Buffer.from(script, 'latin1')` are the bytes to send.
 */
export type ShellText = string;

/** The one place where data becomes shell text: a word that any POSIX sh reads as exactly these bytes. Rejects NUL. */
export function quote(value: string | Uint8Array): ShellText {
  const bytes = bytesOf(value).toString('latin1');
  if (bytes.includes('\0')) throw new CairnError(problem('nul-byte', 'a NUL byte can be in no path and no argument'));
  return `'${bytes.replaceAll("'", `'\\''`)}'`;
}

/** Several words. */
export function quoteAll(values: readonly (string | Uint8Array)[]): ShellText {
  return values.map(quote).join(' ');
}

/** A command that prints exactly these bytes, of which none is ever an argument of a process: `printf` is built in. */
export function printContent(value: Uint8Array): ShellText {
  if (!value.includes(0)) return `printf %s ${quote(value)}`;
  return `printf %s '${bytesOf(value).toString('base64')}' | base64 -d`;
}

function bytesOf(value: string | Uint8Array): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
}
