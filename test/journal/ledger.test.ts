import { describe, expect, it } from 'vitest';
import { baseline, baselineOfRun } from '../../src/journal/ledger/baseline.ts';
import { runsOf, unfinished } from '../../src/journal/ledger/runs.ts';
import type { Entry } from '../../src/model/journal.ts';
import { done, finished, intent, started } from './sample.ts';

const target = 'host:one';

function summary(entries: readonly Entry[]): readonly unknown[] {
  return baseline(entries).map(({ address, before, after, run }) => [
    address,
    before,
    after.is === 'known' ? after.image : '?',
    run,
  ]);
}

const firstRun = [
  started('aa'),
  intent('aa', 'one/10_a', [
    { address: 'file/a', before: null },
    { address: 'file/b', before: 'old b' },
  ]),
  done('aa', 'one/10_a', 'file/a', 'a1'),
  done('aa', 'one/10_a', 'file/b', 'b1'),
  finished('aa'),
];
const secondRun = [
  started('bb'),
  intent('bb', 'one/20_b', [
    { address: 'file/a', before: 'a1' },
    { address: 'file/c', before: null },
  ]),
  done('bb', 'one/20_b', 'file/a', 'a2'),
];

describe('the baseline', () => {
  it('is the oldest before-image and the newest after-image of each address, newest first', () => {
    expect(summary([...firstRun, ...secondRun])).toEqual([
      ['file/c', null, '?', 'bb'],
      ['file/b', 'old b', 'b1', 'aa'],
      ['file/a', null, 'a2', 'aa'],
    ]);
  });

  it('does not know what an intention without an end left behind, even after an earlier end', () => {
    const entries = [...firstRun, intent('aa', 'one/10_a', [{ address: 'file/a', before: 'a1' }])];
    expect(summary(entries)).toContainEqual(['file/a', null, '?', 'aa']);
  });

  it('loses what an undo has taken back, one address at a time', () => {
    const undo = [
      started('cc', 'undo'),
      intent('cc', 'one/10_a', [{ address: 'file/b', before: 'b1', want: 'old b' }]),
      done('cc', 'one/10_a', 'file/b', null, 'updated'),
    ];
    expect(summary([...firstRun, ...undo])).toEqual([['file/a', null, 'a1', 'aa']]);
  });

  it('keeps what a killed undo may or may not have taken back, and no longer trusts its after-image', () => {
    const undo = [started('cc', 'undo'), intent('cc', 'one/10_a', [{ address: 'file/b', before: 'b1' }])];
    expect(summary([...firstRun, ...undo])).toContainEqual(['file/b', 'old b', '?', 'aa']);
  });

  it('knows nothing more of a target that is gone, and all of the others', () => {
    const other = { ...intent('aa', 's', [{ address: 'file/z', before: null }]), target: 'host:two' };
    const cleared = { ...finished('cc'), cleared: [target] };
    expect(summary([...firstRun, other, cleared])).toEqual([['file/z', null, '?', 'aa']]);
    expect(baseline([...firstRun, other], 'host:two').map(({ address }) => address)).toEqual(['file/z']);
  });

  it('leaves temporary things out', () => {
    const swept = done('aa', 'one/10_a', 'file/a', null, 'removed');
    expect(summary([...firstRun, swept])).toEqual([['file/b', 'old b', 'b1', 'aa']]);
  });

  it('keeps what an action did that leaves nothing to look at', () => {
    const entries = [started('aa'), intent('aa', 's', [{ address: 'action/x' }]), done('aa', 's', 'action/x', null)];
    expect(summary(entries)).toEqual([['action/x', null, null, 'aa']]);
  });

  it('remembers in which version of its type each image was made', () => {
    const newer = intent('bb', 's', [{ address: 'file/a', before: 'a1', typeVersion: 2 }]);
    const entries = [...firstRun, started('bb'), newer, done('bb', 's', 'file/a', 'a2')];
    expect(baseline(entries, target).find(({ address }) => address === 'file/a')).toMatchObject({
      beforeVersion: 1,
      after: { is: 'known', image: 'a2', version: 2 },
    });
  });

  it('takes why something is kept from the newest intention', () => {
    const kept = intent('bb', 's', [{ address: 'file/b', before: 'b1', kept: 'images stay' }]);
    const entries = [...firstRun, started('bb'), kept];
    expect(baseline(entries).map(({ address, kept: why }) => [address, why])).toEqual([
      ['file/b', 'images stay'],
      ['file/a', undefined],
    ]);
  });
});

describe('the baseline of one run', () => {
  it('is where that run began', () => {
    expect(baselineOfRun([...firstRun, ...secondRun], 'bb').map(({ address, before }) => [address, before])).toEqual([
      ['file/c', null],
      ['file/a', 'a1'],
    ]);
  });

  it('gives way to what older runs changed once it is taken back', () => {
    const undo: readonly Entry[] = [
      { ...started('cc', 'undo'), undoes: 'bb' },
      done('cc', 'one/20_b', 'file/a', null, 'updated'),
      done('cc', 'one/20_b', 'file/c', null, 'removed'),
    ];
    expect(summary([...firstRun, ...secondRun, ...undo])).toEqual([
      ['file/b', 'old b', 'b1', 'aa'],
      ['file/a', null, 'a1', 'aa'],
    ]);
  });
});

describe('past runs', () => {
  it('are told with what they changed and how they ended', () => {
    const runs = runsOf([...firstRun, ...secondRun]);
    expect(runs.map(({ run, end, counts }) => [run, end, counts])).toEqual([
      ['aa', { code: 0, at: '2026-01-01T00:01:00.000Z', ms: 60_000 }, { updated: 2 }],
      ['bb', undefined, { updated: 1 }],
    ]);
  });

  it('that never ended are told with what is done and what is open', () => {
    const [run, ...more] = unfinished([...firstRun, ...secondRun]);
    expect(more).toEqual([]);
    expect(run?.done.map(({ address }) => address)).toEqual(['file/a']);
    expect(run?.open.map(({ address }) => address)).toEqual(['file/c']);
  });

  it('go on under their id and then have one end', () => {
    const resumed = [...secondRun, started('bb'), done('bb', 'one/20_b', 'file/c', 'c1', 'created'), finished('bb')];
    expect(unfinished(resumed)).toEqual([]);
    expect(runsOf(resumed).map(({ end, counts }) => [end?.code, counts])).toEqual([[0, { updated: 1, created: 1 }]]);
  });
});

describe('letting go', () => {
  const began = [
    ...firstRun,
    started('ff', 'forget'),
    intent('ff', 'one/10_a', [{ address: 'file/a', before: 'a1', want: null }]),
  ];

  it('leaves nothing to take back of what was let go, and the rest as it was', () => {
    const ended = [...began, done('ff', 'one/10_a', 'file/a', null, 'forgotten'), finished('ff')];
    expect(summary(ended)).toEqual([['file/b', 'old b', 'b1', 'aa']]);
    expect(runsOf(ended).at(-1)).toMatchObject({ counts: { forgotten: 1 }, addresses: ['file/a'] });
  });

  it('that began and did not end is known as such, until a run writes it again', () => {
    const half = (entries: readonly Entry[]) => baseline(entries).map((one) => [one.address, one.halfForgotten]);
    expect(half(began)).toEqual([
      ['file/b', undefined],
      ['file/a', 'ff'],
    ]);
    const again = intent('gg', 'one/10_a', [{ address: 'file/a', before: 'a1' }]);
    expect(half([...began, started('gg'), again])).toEqual([
      ['file/b', undefined],
      ['file/a', undefined],
    ]);
  });
});
