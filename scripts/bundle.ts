import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

// Loaded only when one is needed, so they needn't be read with the rest.
const onDemand = [
  '@kubernetes/client-node',
  '@peculiar/x509',
  'listr2',
  'reflect-metadata',
  'ssh-config',
  'ssh2',
  'wrap-ansi',
];

/**
 * Joins the program and what it imports into a few files: Node spends half of a short command on finding and linking
 * hundreds of small ones. The SDK shares its classes with the program, so both are made together.
 * @param to `dist/src`; their licences lie beside it
 */
export async function bundle(root: string, to: string): Promise<void> {
  const input = { sdk: join(root, 'src/sdk.ts'), 'cli/main': join(root, 'src/cli/main.ts') };
  const build = await rolldown({ input, platform: 'node', external: onDemand });
  const { output } = await build.write({ dir: to, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' });
  await build.close();
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  await writeFile(join(to, '..', 'licenses.txt'), await licencesOf(modules));
}

/** What the authors of joined packages ask to be told on. */
async function licencesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((id) => /^\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []));
  const texts = await Promise.all([...folders].sort().map(licenceIn));
  return texts.join('\n');
}

async function licenceIn(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
