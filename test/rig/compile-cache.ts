import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/bundle.ts';

const checkout = join(import.meta.dirname, '../..');

/**
 * Lets every `cairn` that tests start be the joined one that users install, which starts in a third of the time, and find what an
 * earlier one compiled: in homes of their own each would compile the whole program again.
 */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-test-compiled-'));
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  process.env.CAIRN_TEST_LAUNCHER = join(folder, 'bin/cairn.mjs');
  mkdirSync(join(folder, 'dist'));
  for (const name of ['bin', 'package.json']) cpSync(join(checkout, name), join(folder, name), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  await bundle(checkout, join(folder, 'dist/src'));
  // A process that ends still writes to it.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}
