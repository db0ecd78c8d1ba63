import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printContent, quote, quoteAll } from '../../../src/connect/shell/quote.ts';
import { areGivenBack, printed, someWords } from './quoted.ts';
import { shells } from './shells.ts';

const cases = 2500;

describe.each(shells.map((argv) => [argv.join(' '), argv] as const))('quoting in %s', (_, argv) => {
  // Forty times as many: `npm run proof -- quoting`.
  it(`gives ${cases} random byte strings back exactly`, () => {
    expect(areGivenBack(argv, someWords(cases))).toBe(true);
  });

  it('gives many arguments to a program exactly', () => {
    const words = someWords(500);
    const given = printed(argv, `env printf '%s\\0' ${quoteAll(words)}\n`);
    expect(given.equals(Buffer.concat(words.flatMap((word) => [word, Buffer.of(0)])))).toBe(true);
  });

  it('prints any bytes, NUL included', () => {
    const blocks = fc.sample(fc.uint8Array({ maxLength: 300 }), 60);
    const given = printed(argv, blocks.map((block) => `${printContent(block)}\n`).join(''));
    expect(given.equals(Buffer.concat(blocks))).toBe(true);
  });
});

describe('quoting', () => {
  it('finds at least dash and bash here', () => {
    expect(shells.map(([program]) => program)).toEqual(expect.arrayContaining(['dash', 'bash']));
  });

  it('refuses NUL, which no argument can hold', () => {
    expect(() => quote('a\0b')).toThrow(/NUL/);
  });
});
