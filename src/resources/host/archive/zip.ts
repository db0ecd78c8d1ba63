import { crc32, inflateRawSync } from 'node:zlib';
import { limits, type RawEntry, refused } from './entries.ts';

const [endMark, centralMark, localMark] = [0x06054b50, 0x02014b50, 0x04034b50];

/** The entries of a zip archive, not checked (PKWARE APPNOTE 6.3, without encryption and zip64). Throws `bad-archive`. */
export function readZip(bytes: Uint8Array): readonly RawEntry[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return entriesOf(zip);
  } catch (error) {
    // A read past the end: some number in it is a lie.
    if (error instanceof RangeError) throw refused('it is damaged or cut off');
    throw error;
  }
}

function entriesOf(zip: Buffer): readonly RawEntry[] {
  const end = endOf(zip);
  const [count, size, start] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  if (count === 0xffff || start === 0xffffffff) throw refused('it is a zip64 archive, which is not understood');
  if (start + size > end) throw refused('it is damaged or cut off');
  const entries: RawEntry[] = [];
  let [at, left]: [number, number] = [start, limits.unpacked];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== centralMark) throw refused('its list of files is damaged');
    const entry = entryAt(zip, at, left);
    left -= entry.content?.length ?? 0;
    entries.push(entry);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at -= 1) {
    if (zip.readUInt32LE(at) === endMark) return at;
  }
  throw refused('it is no zip archive, or cut off');
}

function entryAt(zip: Buffer, at: number, left: number): RawEntry {
  const name = nameAt(zip, at + 46, zip.readUInt16LE(at + 28));
  if (zip.readUInt16LE(at + 8) & 1) throw refused(`${JSON.stringify(name)} is encrypted`);
  const madeOn = zip.readUInt8(at + 5);
  // Unix (3) and macOS (19) keep the mode in the upper half of the attributes.
  const unix = madeOn === 3 || madeOn === 19 ? zip.readUInt32LE(at + 38) >>> 16 : 0;
  const kind = kindOf(unix, name);
  const content = kind === 'directory' ? undefined : contentOf(zip, at, name, left);
  const mode = unix & 0o777 || (kind === 'directory' ? 0o755 : 0o644);
  if (kind === 'link') return { name, kind, mode, target: Buffer.from(content ?? []).toString('utf8') };
  return { name, kind, mode, ...(content ? { content } : {}) };
}

function kindOf(unix: number, name: string): 'file' | 'directory' | 'link' {
  const sort = unix & 0o170000;
  if (sort === 0o120000) return 'link';
  if (sort !== 0 && sort !== 0o100000 && sort !== 0o040000)
    throw refused(`${JSON.stringify(name)} is a device or a pipe`);
  return sort === 0o040000 || name.endsWith('/') ? 'directory' : 'file';
}

function nameAt(zip: Buffer, at: number, length: number): string {
  if (at + length > zip.length) throw refused('it is damaged or cut off');
  return zip.toString('utf8', at, at + length);
}

function contentOf(zip: Buffer, at: number, name: string, left: number): Uint8Array {
  const [method, sum] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)];
  const [packed, size] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
  const local = zip.readUInt32LE(at + 42);
  if (size > left) throw refused(`it holds more than ${limits.unpacked / 1024 / 1024} MiB`);
  if (zip.readUInt32LE(local) !== localMark) throw refused(`${JSON.stringify(name)} is not where the list says`);
  const nameLength = zip.readUInt16LE(local + 26);
  if (nameAt(zip, local + 30, nameLength) !== name) throw refused(`${JSON.stringify(name)} has two names`);
  const start = local + 30 + nameLength + zip.readUInt16LE(local + 28);
  const data = zip.subarray(start, start + packed);
  if (data.length < packed) throw refused('it ends in the middle of a file');
  const content = method === 0 ? data : method === 8 ? inflate(data, size, name) : null;
  if (!content) throw refused(`${JSON.stringify(name)} is packed by method ${method}, which is not understood`);
  if (content.length !== size || crc32(content) !== sum)
    throw refused(`${JSON.stringify(name)} is damaged: its sum is wrong`);
  return Uint8Array.from(content);
}

function inflate(data: Buffer, size: number, name: string): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw refused(`${JSON.stringify(name)} can't be unpacked, or is larger than it says`);
  }
}
