import { createHash } from 'node:crypto';

/** A part of an image, with the digest of its bytes. */
export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** An image, part by part, with its manifest last. */
export interface SmallImage {
  readonly parts: readonly Blob[];
  readonly manifest: Blob;
  readonly type: string;
}

type Architecture = 'amd64' | 'arm64';

/** The machine's code for `exit(0)`, and its number in ELF. */
const programs: Readonly<Record<Architecture, { readonly machine: number; readonly code: string }>> = {
  amd64: { machine: 62, code: 'b83c00000031ff0f05' },
  arm64: { machine: 183, code: '000080d2a80b80d2010000d4' },
};
const loadedAt = 0x40_0000;
const headers = 64 + 56;
const mediaType = 'application/vnd.oci.image';

/** The smallest image that runs: one static program, which ends well at once. What is pulled can be seen to run by it. */
export function smallestImage(architecture: string): SmallImage {
  if (architecture !== 'amd64' && architecture !== 'arm64') throw new Error(`no program for ${architecture} is known`);
  const layer = blobOf(tarOf('probe', elfOf(architecture)));
  const config = blobOf(
    json({
      architecture,
      os: 'linux',
      config: { Entrypoint: ['/probe'] },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const described = ({ digest, bytes }: Blob, type: string) => ({
    mediaType: `${mediaType}.${type}`,
    digest,
    size: bytes.length,
  });
  const manifest = blobOf(
    json({
      schemaVersion: 2,
      mediaType: `${mediaType}.manifest.v1+json`,
      config: described(config, 'config.v1+json'),
      layers: [described(layer, 'layer.v1.tar')],
    }),
  );
  return { parts: [layer, config], manifest, type: `${mediaType}.manifest.v1+json` };
}

function blobOf(bytes: Uint8Array): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

// ELF-64: a file header, one segment to load, and the code.
function elfOf(architecture: Architecture): Buffer {
  const { machine, code } = programs[architecture];
  const program = Buffer.from(code, 'hex');
  const file = Buffer.alloc(headers);
  file.write('7f454c46020101', 0, 'hex');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(loadedAt + headers), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  const size = BigInt(headers + program.length);
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(BigInt(loadedAt), 80);
  file.writeBigUInt64LE(BigInt(loadedAt), 88);
  file.writeBigUInt64LE(size, 96);
  file.writeBigUInt64LE(size, 104);
  file.writeBigUInt64LE(4096n, 112);
  return Buffer.concat([file, program]);
}

// One file of a tar archive (ustar), owned by root and executable.
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o755, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  const padding = Buffer.alloc(-content.length & 511);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
