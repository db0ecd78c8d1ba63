import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets every `cairn` that tests start find what an earlier one compiled: in homes of their own each would compile the
 * whole program again, which is more than half of what a short command costs.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-test-compiled-'));
  process.env.NODE_COMPILE_CACHE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
