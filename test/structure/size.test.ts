import { expect, test } from 'vitest';
import { sourcesIn } from './sources.ts';

/** Files that may be longer than 300 lines, with the reason. */
const longer: Readonly<Record<string, string>> = {};

test('no file is longer than 300 lines', () => {
  const files = ['src', 'steps', 'roles', 'scripts', 'bin', 'test', 'bench', 'examples'].flatMap(sourcesIn);
  expect(
    files.filter((file) => file.lines > 300 && !(file.path in longer)).map((file) => `${file.path}: ${file.lines}`),
  ).toEqual([]);
});

test('no step is longer than 120 lines', () => {
  const steps = ['steps', 'examples'].flatMap(sourcesIn).filter((file) => /\/\d\d_[a-z0-9_]+\.ts$/.test(file.path));
  expect(steps.filter((file) => file.lines > 120).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
});
