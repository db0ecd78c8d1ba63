import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** A source file with what it imports; paths are relative to the checkout. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** As paths relative to the checkout, or names of packages and built-in modules. */
  readonly imports: readonly string[];
  /** Whether it passes on what another module exports. */
  readonly reexports: boolean;
}

/** Every source file beneath a folder of the checkout; none where the folder isn't there. */
export function sourcesIn(folder: string): readonly SourceFile[] {
  return filesIn(folder)
    .filter((path) => /\.(?:ts|mjs)$/.test(path) && !path.includes('/files/'))
    .map(readSource);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  return {
    path,
    text,
    lines: text.trimEnd().split('\n').length,
    imports: importsOf(text).map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name)),
    reexports: /^export\s[^'"`;=(]*\sfrom\s+['"]/m.test(text),
  };
}

const forms = [
  /^\s*(?:import|export)\s[^'"`;=()]*?\sfrom\s+['"]([^'"]+)['"]/gm,
  /^\s*import\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** The modules a source names, types and late imports included. */
export function importsOf(text: string): readonly string[] {
  return forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
}
