import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './sources.ts';

/** Words by which this machine could be told from another: where we work, whose home it is, whence packages come. */
function wordsOfThisMachine(): readonly string[] {
  const home = homedir();
  const parent = dirname(root);
  const places = [
    `${root}/`,
    ...(parent === '/' || parent === tmpdir() ? [] : [`${parent}/`]),
    // Images and packages have a /root of their own.
    ...(home === '/root' || home === '/' ? [] : [`${home}/`]),
  ];
  return [...places, ...registryHosts()];
}

function registryHosts(): readonly string[] {
  const npm = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const addresses = [npm, process.env.GOPROXY ?? '', process.env.PIP_INDEX_URL ?? '', process.env.HTTPS_PROXY ?? ''];
  return addresses
    .flatMap((text) => text.split(/[\s,|]+/))
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text).hostname)
    .filter((host) => host !== '' && host !== 'localhost' && !/^[\d.]+$/.test(host));
}

test('no committed file names this machine’s folders or package registries', () => {
  const words = wordsOfThisMachine();
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const found = files.flatMap((file) => {
    const text = readText(join(root, file));
    return words.filter((word) => text.includes(word)).map((word) => `${file} names ${word}`);
  });
  expect(found).toEqual([]);
});

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    // Deleted, but not committed yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
