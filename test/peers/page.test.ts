import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { threads } from './threads.ts';

const page = readFileSync(new URL('../../docs/proof/peers.md', import.meta.url), 'utf8');

it('the page says what is tried', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ['));
  expect(rows).toEqual(
    Object.entries(threads).map(
      ([source, { says, cairn }]) =>
        `| [${source}](https://github.com/${source.replace('#', '/issues/')}) | ${says} | ${cairn} |`,
    ),
  );
});

it('each thread has a test', () => {
  const texts = readdirSync(import.meta.dirname)
    .filter((name) => name !== 'threads.ts')
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  expect(Object.keys(threads).filter((source) => !texts.includes(`'${source}'`))).toEqual([]);
});
