import { expect, test } from 'vitest';
import { isQuietAgain } from './generated/again.ts';
import { happensAsPlanned, happensAsSaved } from './generated/exactness.ts';
import { scene } from './generated/scenes.ts';
import { isStopped, isUndone, trouble } from './generated/trouble.ts';
import { tryAll } from './generated/try-all.ts';

/** These take seconds; `npm run proof` tries 10,000 of each. */
const cases = 300;
/** Of them at least so many must come to something. */
const enough = cases / 4;

test('a plan writes nothing; what is exact happens exactly, and nothing else is written', async () => {
  const { tried } = await tryAll(cases, scene, happensAsPlanned);
  expect(tried).toBeGreaterThan(enough);
});

test('a saved plan happens as it stands, or nothing does', async () => {
  const { tried } = await tryAll(cases, scene, happensAsSaved);
  expect(tried).toBeGreaterThan(enough);
});

test('a second run writes nothing, and moves no time and no version', async () => {
  const { tried } = await tryAll(cases, scene, isQuietAgain);
  expect(tried).toBeGreaterThan(enough);
});

test('undo gives back what was there, wherever the run failed, and though undo itself is killed twice', async () => {
  const { tried } = await tryAll(cases, trouble, isUndone);
  expect(tried).toBeGreaterThan(enough);
});

test('a journal that can no longer be written stops a run before its next write', async () => {
  const { tried } = await tryAll(cases, trouble, isStopped);
  expect(tried).toBeGreaterThan(enough);
});
