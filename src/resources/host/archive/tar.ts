import { type RawEntry, refused } from './entries.ts';

const block = 512;

// POSIX.1-2001 (pax) and GNU long names. Sparse files, volumes and devices have no place in what is unpacked.
const kinds: Readonly<Record<string, RawEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'link',
  '5': 'directory',
};

/** What the next entry's own header doesn't say. */
interface Extended {
  path?: string;
  linkpath?: string;
  size?: number;
}

/** The entries of a tar archive, not checked. Throws `bad-archive` for what is damaged, cut off or of another kind. */
export function readTar(bytes: Uint8Array): readonly RawEntry[] {
  const tar = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: RawEntry[] = [];
  let extended: Extended = {};
  let at = 0;
  while (at < tar.length) {
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return entries;
    checkHeader(header);
    const type = header.toString('latin1', 156, 157);
    const isExtra = 'xgLK'.includes(type);
    const size = isExtra ? sizeOf(header) : (extended.size ?? sizeOf(header));
    const data = tar.subarray(at + block, at + block + size);
    if (data.length < size) throw refused('it ends in the middle of a file');
    at += block + Math.ceil(size / block) * block;
    if (isExtra) {
      extended = { ...extended, ...(type === 'g' ? {} : extra(type, data)) };
      continue;
    }
    entries.push(entryOf(header, type, data, extended));
    extended = {};
  }
  return entries;
}

function entryOf(header: Buffer, type: string, data: Buffer, extended: Extended): RawEntry {
  const name = extended.path ?? nameOf(header);
  const kind = type === '0' && name.endsWith('/') ? 'directory' : kinds[type];
  if (!kind) throw refused(`${JSON.stringify(name)} is a device, a pipe or of another kind (${JSON.stringify(type)})`);
  const target = extended.linkpath ?? text(header.subarray(157, 257));
  return {
    name,
    kind,
    mode: octal(header.subarray(100, 108)),
    ...(kind === 'file' ? { content: Uint8Array.from(data) } : {}),
    ...(kind === 'link' || kind === 'hardlink' ? { target } : {}),
  };
}

function checkHeader(header: Buffer): void {
  if (header.length < block) throw refused('it ends in the middle of a header');
  const said = octal(header.subarray(148, 156));
  const sum = header.reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (said !== sum) throw refused('it is no tar archive, or damaged: a header has the wrong sum');
}

function nameOf(header: Buffer): string {
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? text(header.subarray(345, 500)) : '';
  const name = text(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function sizeOf(header: Buffer): number {
  return octal(header.subarray(124, 136));
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

function octal(field: Buffer): number {
  const digits = text(field).trim();
  if (!/^[0-7]*$/.test(digits)) throw refused('a number in a header is none, or too large');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function extra(type: string, data: Buffer): Extended {
  if (type === 'L') return { path: text(data) };
  if (type === 'K') return { linkpath: text(data) };
  const extended: Extended = {};
  for (let at = 0; at < data.length; ) {
    const record = /^(\d{1,10}) /.exec(data.toString('latin1', at, at + 12));
    const length = Number(record?.[1] ?? 0);
    const line = data.toString('utf8', at + (record?.[0].length ?? 0), at + length - 1);
    if (length < 5 || at + length > data.length || data[at + length - 1] !== 10)
      throw refused('a pax header is damaged');
    take(extended, line);
    at += length;
  }
  return extended;
}

function take(extended: Extended, line: string): void {
  const [key, value] = [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)];
  if (key.startsWith('GNU.sparse')) throw refused('it holds a sparse file');
  if (key === 'path' || key === 'linkpath') extended[key] = value;
  if (key === 'size') {
    if (!/^\d{1,15}$/.test(value)) throw refused('a size in a pax header is none');
    extended.size = Number(value);
  }
}
