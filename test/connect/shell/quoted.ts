import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { quote } from '../../../src/connect/shell/quote.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
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

/** Random words that a program can be given, NUL left out. */
export function someWords(count: number): readonly Uint8Array[] {
  return fc
    .sample(bytes, count)
    .map((word) => (typeof word === 'string' ? new TextEncoder().encode(word) : word).filter((byte) => byte !== 0));
}

/** What a shell prints for a script. */
export function printed([program, ...args]: readonly [string, ...string[]], script: string): Buffer {
  return execFileSync(program, args, { input: Buffer.from(script, 'latin1'), maxBuffer: 1 << 28 });
}

/** True when a shell takes each quoted word for exactly what it is. */
export function areGivenBack(argv: readonly [string, ...string[]], words: readonly Uint8Array[]): boolean {
  const script = words.map((word) => `printf '%s\\0' ${quote(word)}\n`).join('');
  return printed(argv, script).equals(Buffer.concat(words.flatMap((word) => [word, Buffer.of(0)])));
}
