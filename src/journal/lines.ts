import { createHash } from 'node:crypto';
import { CairnError, problem } from '../model/diagnostic.ts';

const seed = 'cairn journal 1';
const headerBytes = 35;
const lineFeed = 0x0a;

/**
 * Records as lines: `LENGTH CHECK CHECKSUM JSON`. The length counts bytes of the JSON (8 hex digits) and has a check of its own
 * (8), so that a rotten length is not taken for a torn end. The checksum (16) covers the record and the one before it, so that
 * none can be lost, doubled or moved unseen.
 */
export class LineChain {
  #last: string;

  /** @param last the checksum of the last record in the file; left out: there is none */
  constructor(last: string = seed) {
    this.#last = last;
  }

  /** The next line, line feed included. */
  add(json: string): string {
    const length = Buffer.byteLength(json).toString(16).padStart(8, '0');
    const check = hash(this.#last, length).slice(0, 8);
    this.#last = hash(this.#last, length, json).slice(0, 16);
    return `${length} ${check} ${this.#last} ${json}\n`;
  }
}

function hash(...parts: readonly (string | Buffer)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\n');
  return sum.digest('hex');
}

export interface DecodedLines {
  readonly records: readonly string[];
  /** Bytes up to which the file is whole; what follows is the torn end of a write that was never acknowledged. */
  readonly whole: number;
  /** The checksum of the last record, to go on from. */
  readonly last: string;
}

/**
 * Reads every record, and leaves out the torn one at the end.
 * @throws CairnError `journal-damaged` when a finished record is not what was written
 */
export function decodeLines(bytes: Buffer, file: string): DecodedLines {
  const records: string[] = [];
  let whole = 0;
  let last = seed;
  while (whole < bytes.length) {
    const found = decodeAt(bytes, whole, last);
    if (found === 'rotten') throw damaged(file, whole);
    if (found === 'torn') break;
    records.push(found.json);
    whole = found.end;
    last = found.sum;
  }
  return { records, whole, last };
}

type Decoded = { readonly json: string; readonly end: number; readonly sum: string } | 'torn' | 'rotten';

function decodeAt(bytes: Buffer, at: number, last: string): Decoded {
  const body = at + headerBytes;
  if (bytes.length < body) return 'torn';
  const header = /^([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{16}) $/.exec(bytes.toString('latin1', at, body));
  const [, length = '', check, sum = ''] = header ?? [];
  if (!header || hash(last, length).slice(0, 8) !== check) return isUnwritten(bytes, at) ? 'torn' : 'rotten';
  const end = body + Number.parseInt(length, 16);
  if (bytes.length <= end) return 'torn';
  const json = bytes.subarray(body, end);
  if (bytes[end] !== lineFeed || hash(last, length, json).slice(0, 16) !== sum) {
    return isUnwritten(bytes, at) ? 'torn' : 'rotten';
  }
  return { json: json.toString('utf8'), end: end + 1, sum };
}

// After a power cut a file may be as long as it was to become, with zeros where nothing arrived. JSON holds none.
function isUnwritten(bytes: Buffer, at: number): boolean {
  const zeros = bytes.indexOf(0, at);
  return zeros >= 0 && bytes.length - zeros >= 16 && bytes.subarray(zeros).every((byte) => byte === 0);
}

function damaged(file: string, at: number): CairnError {
  return new CairnError(
    problem('journal-damaged', `The journal is damaged at byte ${at} of ${file}`, {
      detail: ['the record there is not what was written; nothing was read past it'],
      help: `restore the file from a backup; or, to go on with the records before it, keep a copy and run  truncate -s ${at} ${file}`,
    }),
  );
}
