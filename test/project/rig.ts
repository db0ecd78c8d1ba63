import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const checkout = join(import.meta.dirname, '../..');

/** A copy of a fixture project in a folder of its own, with more files laid over it; its steps can import the SDK. */
export function projectOf(fixture: string, files: Iterable<readonly [string, string]> = []): string {
  const root = mkdtempSync(join(tmpdir(), 'cairn-project-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, 'fixtures', fixture), root, { recursive: true });
  mkdirSync(join(root, 'node_modules/@cairnhq'), { recursive: true });
  symlinkSync(checkout, join(root, 'node_modules/@cairnhq/cairn'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** An environment in which nothing of this machine's user is seen; what other tests compiled is. */
export function envOf(root: string, more: Readonly<Record<string, string | null>> = {}): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE = null } = process.env;
  const env = { HOME: join(root, 'home'), PATH, NODE_COMPILE_CACHE, SHOP_PASSWORD: 'hunter2hunter2', ...more };
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null));
}
