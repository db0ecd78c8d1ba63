import { expect, it } from 'vitest';
import { newRunId } from '../../src/model/run-id.ts';

it('the id of a run is short, and is never given twice', () => {
  expect(newRunId([])).toMatch(/^[0-9a-f]{4}$/);
  const all = Array.from({ length: 16 ** 4 }, (_, i) => i.toString(16).padStart(4, '0'));
  expect(newRunId(all)).toMatch(/^[0-9a-f]{5}$/);
  const free = '7f3a';
  const taken = new Set(all.filter((id) => id !== free));
  for (let i = 0; i < 50; i += 1) expect(taken.has(newRunId(taken))).toBe(false);
});
