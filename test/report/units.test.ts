import { expect, test } from 'vitest';
import { moment } from '../../src/model/moment.ts';
import { clean, shorten, widthOf } from '../../src/report/measure.ts';
import { wantsColor } from '../../src/report/style.ts';
import { clock, duration, size } from '../../src/report/units.ts';

test.each([
  [40, '0.0 s'],
  [3_100, '3.1 s'],
  [9_960, '10 s'],
  [27_000, '27 s'],
  [72_000, '1 min 12 s'],
  [120_000, '2 min'],
  [7_500_000, '2 h 5 min'],
])('%i ms reads %s', (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [41_000, '00:41'],
  [725_000, '12:05'],
  [3_723_000, '1:02:03'],
])('a clock at %i ms shows %s', (ms, text) => expect(clock(ms)).toBe(text));

test.each([
  ['2026-11-21T00:15:30Z', 'just now'],
  ['2026-11-21T00:12:00Z', '4 min ago'],
  ['2026-11-20T20:00:00Z', '4 h ago'],
  ['2026-11-19T23:00:00Z', '2026-11-19 23:00'],
  ['2026-11-22T00:00:00Z', '2026-11-22 00:00'],
])('%s reads %s', (at, text) => expect(moment(at, new Date('2026-11-21T00:16:00Z'))).toBe(text));

test.each([
  [512, '512 B'],
  [1_288_490_189, '1.2 GiB'],
])('%i bytes read %s', (bytes, text) => expect(size(bytes)).toBe(text));

test.each([
  ['abc', 3],
  ['日本', 4],
  ['é', 1],
  ['\u001b[31mred\u001b[39m', 3],
  ['👩‍🚀', 2],
])('%j takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));

test('a text that is too long ends with …', () => expect(shorten('日本語の文', 6)).toBe('日本…'));

test('text from outside loses its control codes, and of a redrawn line the newest is shown', () => {
  expect(clean('10 %\r\u001b[2K55 %\u0007\n')).toBe('55 %');
});

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %j and a terminal %s colour is %s', (env, isTTY, expected) => expect(wantsColor(env, isTTY)).toBe(expected));
