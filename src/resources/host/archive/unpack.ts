import { gunzipSync } from 'node:zlib';
import { checkEntries, type Entry, limits, refused } from './entries.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

/**
 * What is in a tar, tar.gz or zip archive, by its bytes and not by its name. Throws `bad-archive` unless all of it may be
 * unpacked: nothing outside of its folder, no device, no entry twice or beneath a link, nothing beyond the limits.
 */
export function unpack(bytes: Uint8Array, strip = 0): readonly Entry[] {
  if (bytes.length > limits.packed) throw refused(`it has more than ${limits.packed / 1024 / 1024} MiB`);
  const [first, second] = bytes;
  if (first === 0x50 && second === 0x4b) return checkEntries(readZip(bytes), strip);
  return checkEntries(readTar(first === 0x1f && second === 0x8b ? gunzip(bytes) : bytes), strip);
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    // Headers and padding take a little more than what is in the files.
    return gunzipSync(bytes, { maxOutputLength: limits.unpacked + limits.entries * 1024 });
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw refused(
      isLarge ? `it holds more than ${limits.unpacked / 1024 / 1024} MiB` : 'its gzip data is damaged or cut off',
    );
  }
}
