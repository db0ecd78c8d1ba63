import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import { thisProcess } from '../../src/journal/holder.ts';
import { leaseRef } from '../../src/journal/lease.ts';
import { LeaseLocks } from '../../src/journal/lease-locks.ts';
import type { Lock } from '../../src/model/journal.ts';
import type { KubeWriter } from '../../src/model/kube.ts';

const me = thisProcess('aa', 'cairn up playbooks/one.yaml');
const stranger = { ...me, run: 'bb', host: 'other', pid: 1, started: '1' };
const second = 1000;

function locksOf(kube: KubeWriter): LeaseLocks {
  return new LeaseLocks(kube, 'cairn');
}

/** What an acquisition ends with, though it may wait; time runs by itself. */
async function outcomeOf(acquired: Promise<Lock>): Promise<Lock | string> {
  const outcome = acquired.catch((error: { code?: string }) => error.code ?? String(error));
  await vi.advanceTimersByTimeAsync(40 * second);
  return outcome;
}

/** Stops a lock's heartbeat, as sleep or a cut cable does, by giving every request of its port this failure. */
function breakable(kube: FakeKube): { readonly port: KubeWriter; broken: boolean } {
  const state = { broken: false, port: kube as KubeWriter };
  state.port = new Proxy(kube, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return (...words: unknown[]) =>
        state.broken ? Promise.reject(new Error('no route')) : Reflect.apply(member, target, words);
    },
  });
  return state;
}

describe('the lock of a cluster', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is held by one, who is named to the others', async () => {
    const locks = locksOf(new FakeKube());
    await (await locks.acquire(me)).check();
    await expect(locks.acquire({ ...me, run: 'bb' })).rejects.toMatchObject({
      code: 'locked',
      message: 'cairn is locked by run aa',
      diagnostics: [{ detail: [expect.stringContaining(`pid ${process.pid}`)] }],
    });
  });

  it('goes to one of many who race for it', async () => {
    for (let race = 0; race < 200; race += 1) {
      const locks = locksOf(new FakeKube());
      const all = await Promise.allSettled([me, me, me].map((holder) => locks.acquire(holder)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });

  it('leaves nothing behind when it is given back', async () => {
    const kube = new FakeKube();
    const lock = await locksOf(kube).acquire(me);
    await lock.release();
    expect(await kube.get(leaseRef)).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
    await (await locksOf(kube).acquire(me)).release();
  });

  it('of a dead process of this machine is taken at once', async () => {
    const kube = new FakeKube();
    await locksOf(kube).acquire({ ...me, started: '1' });
    await (await locksOf(kube).acquire(me)).check();
  });

  it('of another machine is left alone while its heart beats, however long', async () => {
    const kube = new FakeKube();
    await locksOf(kube).acquire(stranger);
    for (let minute = 0; minute < 5; minute += 1) {
      await vi.advanceTimersByTimeAsync(60 * second);
      await expect(locksOf(kube).acquire(me)).rejects.toMatchObject({ code: 'locked' });
    }
  });

  it('of another machine is taken a minute after its last sign of life, not earlier', async () => {
    const kube = new FakeKube();
    const theirs = breakable(kube);
    await locksOf(theirs.port).acquire(stranger);
    theirs.broken = true;
    await vi.advanceTimersByTimeAsync(55 * second);
    await expect(locksOf(kube).acquire(me)).rejects.toMatchObject({ code: 'locked' });
    await vi.advanceTimersByTimeAsync(6 * second);
    expect(await outcomeOf(locksOf(kube).acquire(me))).not.toBe('locked');
  });

  it.each([-3600, 3600])(
    'of another machine whose clock is %i seconds off is not taken from a living one',
    async (off) => {
      const kube = new FakeKube();
      await locksOf(kube).acquire(stranger);
      const skew = setInterval(() => {
        kube.edit(leaseRef, 'cairn', (lease) => {
          const renewTime = new Date(Date.now() + off * second).toISOString();
          return { ...lease, spec: { ...(lease.spec as object), renewTime } };
        });
      }, 5 * second);
      await vi.advanceTimersByTimeAsync(6 * second);
      expect(await outcomeOf(locksOf(kube).acquire(me))).toBe('locked');
      clearInterval(skew);
    },
  );

  it('lost while its holder slept is noticed at the next check, and stays with who took it', async () => {
    const kube = new FakeKube();
    const sleeper = breakable(kube);
    const old = await locksOf(sleeper.port).acquire(stranger);
    sleeper.broken = true;
    await vi.advanceTimersByTimeAsync(61 * second);
    const taken = await outcomeOf(locksOf(kube).acquire(me));
    sleeper.broken = false;
    await expect(old.check()).rejects.toMatchObject({ code: 'lock-lost' });
    await old.release();
    expect(await kube.get(leaseRef)).toMatchObject({ spec: { leaseTransitions: 2 } });
    await (taken as Lock).check();
  });

  it('that cannot be renewed counts as lost before anybody else may take it', async () => {
    const kube = new FakeKube();
    const cut = breakable(kube);
    const lock = await locksOf(cut.port).acquire(me);
    cut.broken = true;
    await vi.advanceTimersByTimeAsync(35 * second);
    await lock.check();
    await vi.advanceTimersByTimeAsync(10 * second);
    await expect(lock.check()).rejects.toMatchObject({ code: 'lock-lost' });
  });

  it('survives an answer to a heartbeat that got lost', async () => {
    let lose = 0;
    const kube = new FakeKube({
      afterWrite: (count) => {
        if (count === lose) throw new Error('connection reset');
      },
    });
    const lock = await locksOf(kube).acquire(me);
    lose = 2;
    await vi.advanceTimersByTimeAsync(60 * second);
    await lock.check();
    await lock.release();
    expect(await kube.get(leaseRef)).toBeNull();
  });
});
