import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printContent, quote, quoteAll } from '../../../src/connect/shell/quote.ts';
import { shells } from './shells.ts';

const cases = 2500;

function run([program, ...args]: readonly [string, ...string[]], script: string): Buffer {
  return execFileSync(program, args, { input: Buffer.from(script, 'latin1'), maxBuffer: 1 << 28 });
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc.constantFrom(
    "'",
    "''",
    "'\\''",
    '$(touch /tmp/x)',
    '`id`',
    '\\',
    '\n',
    '!!',
    '~',
    '*',
    '-n',
    '\u0081\u0088',
    '"$HOME"',
  ),
);
const asBytes = bytes.map((value) => (typeof value === 'string' ? new TextEncoder().encode(value) : value));

describe.each(shells.map((argv) => [argv.join(' '), argv] as const))('quoting in %s', (_, argv) => {
  it(`gives ${cases} random byte strings back exactly`, () => {
    const words = fc.sample(asBytes, cases).map((word) => word.filter((byte) => byte !== 0));
    const script = words.map((word) => `printf '%s\\0' ${quote(word)}\n`).join('');
    expect(run(argv, script).equals(Buffer.concat(words.flatMap((word) => [word, Buffer.of(0)])))).toBe(true);
  });

  it('gives many arguments to a program exactly', () => {
    const words = fc.sample(asBytes, 500).map((word) => word.filter((byte) => byte !== 0));
    const given = run(argv, `env printf '%s\\0' ${quoteAll(words)}\n`);
    expect(given.equals(Buffer.concat(words.flatMap((word) => [word, Buffer.of(0)])))).toBe(true);
  });

  it('prints any bytes, NUL included', () => {
    const blocks = fc.sample(fc.uint8Array({ maxLength: 300 }), 60);
    const given = run(argv, blocks.map((block) => `${printContent(block)}\n`).join(''));
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
