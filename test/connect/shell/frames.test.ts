import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader } from '../../../src/connect/shell/frames.ts';
import { LineSplitter } from '../../../src/connect/shell/lines.ts';

const marker = '0123456789abcdef';

function readIn(pieces: readonly Buffer[]): { frames: Frame[]; lines: string[] } {
  const frames: Frame[] = [];
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  const reader = new FrameReader(marker, {
    done: (frame) => frames.push(frame),
    some: (bytes) => splitter.push(bytes),
  });
  for (const piece of pieces) reader.push(piece);
  splitter.end();
  return { frames, lines };
}

function cut(whole: Buffer, at: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(at.map((one) => one % (whole.length + 1))), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
}

describe('frames', () => {
  it('come out whole however the stream was cut', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom('\n', `\n${marker.slice(0, 9)}`, `${marker}`, 'a\n\n', '').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 6 }), fc.array(fc.nat(500), { maxLength: 20 }), (bodies, at) => {
        const whole = Buffer.concat(
          bodies.flatMap((bytes, index) => [Buffer.from(bytes), Buffer.from(`\n${marker} ${index} ${index * 7}\n`)]),
        );
        const { frames } = readIn(cut(whole, at));
        expect(frames.map(({ part, status }) => [part, status])).toEqual(bodies.map((_, index) => [index, index * 7]));
        expect(frames.map(({ bytes }) => [...bytes])).toEqual(bodies.map((bytes) => [...bytes]));
      }),
      { numRuns: 2000 },
    );
  });

  it('give lines as soon as they end, whatever follows', () => {
    const { lines } = readIn([Buffer.from('one\n'), Buffer.from('two'), Buffer.from('\nthree\r50%\r60%\n')]);
    expect(lines).toEqual(['one', 'two', 'three', '50%', '60%']);
  });
});
