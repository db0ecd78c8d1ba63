import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const files = fileURLToPath(new URL('../../roles/kind/files/', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn');
/** The folder of built programs. */
export const programs = join(cache, 'bin');
const listed = readFileSync(join(files, 'binaries.txt'), 'utf8').split('\n');
const needed = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;
type Program = (typeof needed)[number] | 'helm' | 'kind' | 'registry';

/** Milliseconds that the rig may take to start; building its programs takes minutes, once. */
export const rigTimeout = missing().length > 0 ? 30 * 60_000 : 180_000;

/** Why the rig can't start here, or null. Its programs are built where a test may take its time, in CI or when asked to. */
export function whyNoApiServer(): string | null {
  return whyNo(...needed);
}

/** The same of single programs. */
export function whyNo(...names: readonly Program[]): string | null {
  const lacking = missing(names);
  if (lacking.length === 0 || process.env.CI || process.env.CAIRN_TEST_HOST === '1') return null;
  return `skipped: ${lacking.join(', ')} not built; CAIRN_TEST_HOST=1 builds them, which takes minutes`;
}

function missing(names: readonly Program[] = needed): readonly Program[] {
  return names.filter((name) => !existsSync(pathOf(name)));
}

/** Where a program lies in the cache. */
export function pathOf(name: Program): string {
  const version = listed.find((line) => line.startsWith(`${name} `))?.split(/\s+/)[1];
  return join(programs, `${name}-${version}`);
}

/** Builds what isn't in the cache. */
export async function buildPrograms(...names: readonly Program[]): Promise<void> {
  for (const name of missing(names.length === 0 ? needed : names)) {
    await promisify(execFile)('sh', [join(files, 'go-binary.sh'), cache, name], { maxBuffer: 64 << 20 });
  }
}
