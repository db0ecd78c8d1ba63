import { expect, it } from 'vitest';
import { type Part, runParts } from '../../../src/connect/shell/parts.ts';
import type { ShellTransport } from '../../../src/connect/shell/transport.ts';

/** A shell whose two streams say what they are told to, in that order. */
function shellThatSays(says: (marker: string) => readonly ['out' | 'err', string][]): ShellTransport {
  return {
    start: ({ text }, { stdout, stderr }) => {
      const marker = /^marker=(\w+)/.exec(text)?.[1] ?? '';
      queueMicrotask(() => {
        for (const [stream, said] of says(marker)) (stream === 'out' ? stdout : stderr)(Buffer.from(said));
      });
      return { ended: new Promise(() => {}), feed: () => {}, kill: () => {}, release: () => {} };
    },
  } as ShellTransport;
}

it('lines are told of the part that printed them, whichever stream comes to its end first', async () => {
  const told: Record<string, string[]> = { first: [], second: [] };
  const program = (name: string): Part => ({
    body: '' as Part['body'],
    seconds: 10,
    startsPrograms: true,
    mustSucceed: true,
    onLine: (line) => told[name]?.push(line),
  });
  const question: Part = { body: '' as Part['body'], seconds: 10, startsPrograms: false, mustSucceed: true };
  const shell = shellThatSays((marker) => [
    ['out', `one\n\n${marker} 0 0\ntwo\n`],
    ['err', `late\n\n${marker} 0 0\n`],
    ['out', `three\n\n${marker} 1 0\nan answer\n\n${marker} 2 0\n`],
    ['err', `\n${marker} 1 0\n\n${marker} 2 0\n`],
  ]);
  const { results } = await runParts(shell, [program('first'), program('second'), question]);
  expect(told).toEqual({ first: ['one', 'late'], second: ['two', 'three'] });
  expect(results.map(({ stdout }) => stdout.toString())).toEqual(['one\n', 'two\nthree\n', 'an answer\n']);
});

it('a part that both streams must tell of is not taken for a silent one when the next is heard of first', async () => {
  const question: Part = { body: '' as Part['body'], seconds: 10, startsPrograms: true, mustSucceed: true };
  const shell = shellThatSays((marker) => [
    ['out', `an answer\n\n${marker} 0 0\n\n${marker} 1 0\nanother\n\n${marker} 2 0\n`],
    ['err', `\n${marker} 0 0\n\n${marker} 2 0\n`],
  ]);
  const { results } = await runParts(shell, [question, { ...question, tells: 'brief' }, question]);
  expect(results.map(({ stdout }) => stdout.toString())).toEqual(['an answer\n', '', 'another\n']);
});

it('an answer that was left out is never taken for an empty one: nothing is believed from there on', async () => {
  const question: Part = { body: '' as Part['body'], seconds: 10, startsPrograms: true, mustSucceed: true };
  const shell = shellThatSays((marker) => [
    ['out', `an answer\n\n${marker} 0 0\n\n${marker} 2 0\n`],
    ['err', `\n${marker} 0 0\n\n${marker} 2 0\n`],
  ]);
  const { results, cut } = await runParts(shell, [question, question, question]);
  expect(results.map(({ stdout }) => stdout.toString())).toEqual(['an answer\n']);
  expect(cut).toMatchObject({ is: 'gone', why: 'the shell left out an answer' });
});
