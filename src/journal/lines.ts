import { createHash } from 'node:crypto';
import { CairnError, problem } from '../model/diagnostic.ts';

const newline = 0x0a;

/** One record: `LENGTH CHECKSUM JSON`, the length in bytes of the JSON, hexadecimal; the checksum 16 hex digits of SHA-256. */
export function encodeLine(json: string): string {
  return `${Buffer.byteLength(json).toString(16)} ${checksum(json)} ${json}\n`;
}

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}

export interface DecodedLines {
  readonly records: readonly string[];
  /** Bytes up to which the file is whole; what follows is the torn end of a record that was never acknowledged. */
  readonly whole: number;
}

/**
 * Reads every record. A file that doesn't end in a line feed was cut in its last record, which is left out.
 * @throws CairnError `journal-damaged` when a finished record is not what was written
 */
export function decodeLines(bytes: Buffer, file: string): DecodedLines {
  const records: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return decodeTail(bytes, at, records, file);
    records.push(decodeOne(bytes.subarray(at, end), at, file));
    at = end + 1;
  }
  return { records, whole: at };
}

// Cut exactly before its line feed, a record is whole; longer than it says, it was damaged and not cut.
function decodeTail(bytes: Buffer, at: number, records: readonly string[], file: string): DecodedLines {
  const tail = bytes.subarray(at).toString('utf8');
  const [length = '', , ...rest] = tail.split(' ');
  const json = rest.join(' ');
  if (/^[0-9a-f]+$/.test(length) && Buffer.byteLength(json) > Number.parseInt(length, 16)) throw damaged(file, at);
  return { records, whole: at };
}

function decodeOne(line: Buffer, at: number, file: string): string {
  const text = line.toString('utf8');
  const parts = /^([0-9a-f]+) ([0-9a-f]{16}) (.*)$/s.exec(text);
  const [, length = '', sum = '', json = ''] = parts ?? [];
  const isWhole = parts !== null && Buffer.byteLength(json) === Number.parseInt(length, 16) && checksum(json) === sum;
  if (!isWhole) throw damaged(file, at);
  return json;
}

function damaged(file: string, at: number): CairnError {
  return new CairnError(
    problem('journal-damaged', `the journal is damaged at byte ${at}`, {
      detail: [file],
      help: 'restore it from a backup; everything before that byte is whole, and nothing was read past it',
    }),
  );
}
