import { describe, expect, it } from 'vitest';
import { Crash, FakeJournal } from '../../src/connect/fake/journal.ts';
import { Secret } from '../../src/model/secret.ts';
import { done, finished, intent, started } from './sample.ts';

describe('the journal in memory', () => {
  it('kills its process at the record it was told, before or after it is written, and stays dead', async () => {
    for (const keeps of [true, false]) {
      const journal = new FakeJournal();
      journal.crashAt(2, keeps);
      await journal.append(started('aa'));
      await expect(journal.append(intent('aa', 's', [{}]))).rejects.toThrow(Crash);
      await expect(journal.append(finished('aa'))).rejects.toThrow(Crash);
      expect(() => journal.note(finished('aa'))).toThrow(Crash);
      expect(journal.crashed).toBe(true);
      journal.revive();
      expect(await journal.entries()).toHaveLength(keeps ? 2 : 1);
    }
  });

  it('may lose notes that nothing durable followed', async () => {
    const journal = new FakeJournal();
    journal.note(started('aa'));
    await journal.append(intent('aa', 's', [{}]));
    journal.note(done('aa', 's', 'file/a', null));
    journal.revive('lost');
    expect(await journal.entries()).toMatchObject([{ is: 'run-started' }, { is: 'intent' }]);
  });

  it('fails as a full disk does', async () => {
    const journal = new FakeJournal();
    journal.failAt(2);
    await journal.append(started('aa'));
    await expect(journal.append(finished('aa'))).rejects.toMatchObject({ code: 'journal-failed' });
    await expect(journal.append(finished('aa'))).rejects.toMatchObject({ code: 'journal-failed' });
    expect(await journal.entries()).toHaveLength(1);
  });

  it('keeps values as a file does', async () => {
    const journal = new FakeJournal();
    const want = { list: [1], token: new Secret('t'), bytes: new Uint8Array([1]), read: () => 1 };
    await journal.append(intent('aa', 's', [{ want }]));
    want.list.push(2);
    const [entry] = await journal.entries();
    const found = entry?.is === 'intent' ? entry.intents[0]?.want : undefined;
    expect(found).toEqual({ list: [1], token: want.token, bytes: want.bytes });
  });
});
