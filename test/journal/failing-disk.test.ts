import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAppendFile } from '../../src/journal/append-file.ts';
import { FileJournal } from '../../src/journal/file-journal.ts';
import { temporaryFolder, temporarySettings } from './rig.ts';
import { intent } from './sample.ts';

type Call = 'open' | 'write' | 'sync';

/** Counts calls to the disk and fails at one of them, and at every later one; a failing write leaves half of it behind. */
function failingDisk(code: string, at: number): { readonly open: typeof openAppendFile; readonly calls: Call[] } {
  const calls: Call[] = [];
  const step = (call: Call): void => {
    calls.push(call);
    if (calls.length >= at) throw Object.assign(new Error(`${code}: injected, ${call}`), { code });
  };
  const openFailing: typeof openAppendFile = async (path, length) => {
    step('open');
    const file = await openAppendFile(path, length);
    const write = async (text: string): Promise<void> => {
      if (calls.length + 1 === at) await file.write(text.slice(0, text.length / 2));
      step('write');
      await file.write(text);
    };
    const sync = async (): Promise<void> => {
      step('sync');
      await file.sync();
    };
    return { write, sync, close: file.close };
  };
  return { open: openFailing, calls };
}

describe('a disk that fails', () => {
  it.each(['ENOSPC', 'EIO', 'EMFILE'])(
    'with %s at any call stops every later write, and loses nothing acknowledged',
    async (code) => {
      const records = 5;
      const fine = failingDisk(code, Number.POSITIVE_INFINITY);
      const whole = new FileJournal(temporarySettings(), fine.open);
      for (let i = 0; i < records; i += 1) await whole.append(intent('aa', `s${i}`, [{}]));
      await whole.close();
      expect(fine.calls).toHaveLength(1 + 2 * records);
      for (let at = 1; at <= fine.calls.length; at += 1) {
        const settings = temporarySettings();
        const journal = new FileJournal(settings, failingDisk(code, at).open);
        const results: string[] = [];
        for (let i = 0; i < records; i += 1) {
          const written = journal.append(intent('aa', `s${i}`, [{}]));
          results.push(
            await written.then(
              () => 'durable',
              (error: { code: string }) => error.code,
            ),
          );
        }
        await journal.close();
        const durable = results.filter((result) => result === 'durable').length;
        expect(durable).toBe(Math.max(0, Math.floor((at - 2) / 2)));
        expect(new Set(results.slice(durable))).toEqual(new Set(['journal-failed']));
        const next = new FileJournal(settings);
        expect((await next.entries()).length).toBeGreaterThanOrEqual(durable);
        await next.append(intent('bb', 's', [{}]));
        await next.close();
      }
    },
  );

  it('that is really full stops the next write and says where', async () => {
    const folder = temporaryFolder();
    const journal = new FileJournal({ ...temporarySettings(), folder }, async () => {
      const full = await open('/dev/full', 'a');
      return { write: (text) => full.appendFile(text), sync: () => full.sync(), close: () => full.close() };
    });
    await expect(journal.append(intent('aa', 's', [{}]))).rejects.toMatchObject({
      code: 'journal-failed',
      diagnostics: [{ detail: [join(folder, 'journal.jsonl'), expect.stringContaining('ENOSPC')] }],
    });
    await journal.close();
  });

  it('is found out before anything is written where the folder is none', async () => {
    const settings = temporarySettings();
    writeFileSync(settings.folder, '');
    const journal = new FileJournal(settings);
    await expect(journal.append(intent('aa', 's', [{}]))).rejects.toMatchObject({ code: 'journal-failed' });
  });
});
