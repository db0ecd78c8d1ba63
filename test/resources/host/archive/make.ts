import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a tar archive to make, with everything that a liar may write. */
export interface TarEntry {
  readonly name: string;
  readonly type?: string;
  readonly link?: string;
  readonly content?: string;
  readonly mode?: string;
  readonly prefix?: string;
  /** What the header says, where that isn't true. */
  readonly size?: string;
  readonly sum?: string;
}

/** A tar archive of these entries, in this order. */
export function tar(entries: readonly TarEntry[], end = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...entries.flatMap(tarEntry), end]);
}

function tarEntry({
  name,
  type = '0',
  link = '',
  content = '',
  mode = '0000644',
  prefix = '',
  ...lies
}: TarEntry): Buffer[] {
  const header = Buffer.alloc(512);
  const data = Buffer.from(content);
  header.write(name, 0, 100);
  header.write(mode, 100);
  header.write(lies.size ?? data.length.toString(8).padStart(11, '0'), 124);
  header.fill(' ', 148, 156);
  header.write(type, 156, 'latin1');
  header.write(link, 157, 100);
  header.write('ustar\0', 257, 'latin1');
  header.write(prefix, 345, 155);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(lies.sum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
}

/** A pax header for the entry behind it. */
export function pax(key: string, value: string, type = 'x'): TarEntry {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (Buffer.byteLength(`${length}${rest}`) !== length) length += 1;
  return { name: 'pax', type, content: `${length}${rest}` };
}

export interface ZipEntry {
  readonly name: string;
  readonly content?: string;
  /** As of `stat`: sort and permissions. */
  readonly unix?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly size?: number;
  readonly sum?: number;
  readonly localName?: string;
  readonly at?: number;
}

/** A zip archive of these entries. */
export function zip(
  entries: readonly ZipEntry[],
  lies: { readonly count?: number; readonly start?: number } = {},
): Buffer {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  for (const entry of entries) {
    const at = Buffer.concat(locals).length;
    locals.push(localPart(entry));
    list.push(listPart(entry, at));
  }
  const [files, central] = [Buffer.concat(locals), Buffer.concat(list)];
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(lies.count ?? entries.length, 8);
  end.writeUInt16LE(lies.count ?? entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(lies.start ?? files.length, 16);
  return Buffer.concat([files, central, end]);
}

function packed({ content = '', method = 8 }: ZipEntry): Buffer {
  return method === 8 ? deflateRawSync(Buffer.from(content)) : Buffer.from(content);
}

function localPart(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.localName ?? entry.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name, packed(entry)]);
}

function listPart(entry: ZipEntry, at: number): Buffer {
  const [name, content] = [Buffer.from(entry.name), Buffer.from(entry.content ?? '')];
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50);
  header.writeUInt8(3, 5);
  header.writeUInt16LE(entry.flags ?? 0, 8);
  header.writeUInt16LE(entry.method ?? 8, 10);
  header.writeUInt32LE(entry.sum ?? crc32(content), 16);
  header.writeUInt32LE(packed(entry).length, 20);
  header.writeUInt32LE(entry.size ?? content.length, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(((entry.unix ?? 0o100644) << 16) >>> 0, 38);
  header.writeUInt32LE(entry.at ?? at, 42);
  return Buffer.concat([header, name]);
}
