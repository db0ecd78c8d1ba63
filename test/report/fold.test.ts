import { stripVTControlCharacters, styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import { foldWide } from '../../src/report/fold.ts';

const words = 'refused: changed after us: spec.replicas; --force takes it anyway';

describe('a line that is too wide for the terminal', () => {
  it('goes on in the column in which its text began', () => {
    expect(foldWide(`  ! Service devpi/devpi   ${words}`, 60).split('\n')).toEqual([
      '  ! Service devpi/devpi   refused: changed after us:',
      '                          spec.replicas; --force takes it',
      '                          anyway',
    ]);
  });

  it('goes on a little indented where it has no columns', () => {
    expect(foldWide(`    ${words}`, 50).split('\n')).toEqual([
      '    refused: changed after us: spec.replicas;',
      '      --force takes it anyway',
    ]);
  });

  it('is measured without its colours, and keeps them', () => {
    const painted = styleText('red', words, { validateStream: false });
    const lines = foldWide(painted, 40).split('\n');
    expect(lines.length).toBe(2);
    expect(
      lines
        .map(stripVTControlCharacters)
        .map((line) => line.trim())
        .join(' '),
    ).toBe(words);
    expect(lines.every((line) => line.includes('\u001b[31m'))).toBe(true);
  });

  it('keeps a long word whole, and does nothing to what fits', () => {
    const command = `cairn up ${'x'.repeat(90)}`;
    expect(foldWide(command, 60)).toBe(`cairn up\n  ${'x'.repeat(90)}`);
    expect(foldWide(words, words.length)).toBe(words);
    expect(foldWide(words, Number.POSITIVE_INFINITY)).toBe(words);
  });
});
