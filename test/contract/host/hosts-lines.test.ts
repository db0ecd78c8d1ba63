import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, linesNaming, withAddress, withLines } from '../../../src/resources/host/hosts-lines.ts';

const start = '127.0.0.1\tlocalhost\n10.0.0.5 foo bar # theirs foo\n::1 localhost bar\n';

describe('an entry in /etc/hosts', () => {
  it('is appended as a line of its own', () => {
    expect(withAddress(start, 'web', '127.0.0.1')).toBe(`${start}127.0.0.1 web\n`);
  });

  it('leaves an end without a line feed as it is', () => {
    expect(withAddress('127.0.0.1 localhost', 'web', '::1')).toBe('::1 web\n127.0.0.1 localhost');
  });

  it('leaves a line that it shared to the other names', () => {
    expect(withAddress(start, 'foo', '127.0.0.1')).toBe(
      '127.0.0.1\tlocalhost\n10.0.0.5 bar # theirs foo\n::1 localhost bar\n127.0.0.1 foo\n',
    );
  });

  it('changes the address of its own line in place', () => {
    expect(withAddress('1.1.1.1  web # a\n2.2.2.2 x\n', 'web', '3.3.3.3')).toBe('3.3.3.3  web # a\n2.2.2.2 x\n');
  });

  it('is gone again after undo, byte for byte, whatever the file held', () => {
    const name = fc.constantFrom('foo', 'bar', 'web', 'localhost');
    const address = fc.constantFrom('127.0.0.1', '10.0.0.5', '::1');
    const gap = fc.constantFrom(' ', '\t', '  ');
    const entry = fc
      .tuple(
        address,
        fc.array(fc.tuple(gap, name), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', ' # foo', '#web'),
      )
      .filter(([, names]) => new Set(names.map(([, one]) => one)).size === names.length)
      .map(([at, names, comment]) => `${at}${names.flat().join('')}${comment}`);
    const line = fc.oneof(entry, fc.constantFrom('', '# foo web', '   '));
    const content = fc
      .tuple(fc.uniqueArray(line), fc.constantFrom('', '\n'))
      .map(([lines, end]) => lines.join('\n') + end);
    fc.assert(
      fc.property(content, name, address, (before, host, at) => {
        const after = withAddress(before, host, at);
        expect(addressesIn(linesNaming(host, after))).toEqual([at]);
        expect(withLines(after, host, linesNaming(host, before))).toBe(before);
      }),
      { numRuns: 2000 },
    );
  });
});
