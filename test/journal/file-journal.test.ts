import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { openAppendFile } from '../../src/journal/append-file.ts';
import { FileJournal, journalFile } from '../../src/journal/file-journal.ts';
import type { Entry } from '../../src/model/journal.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { temporarySettings } from './rig.ts';
import { done, finished, intent, started } from './sample.ts';

const run: readonly Entry[] = [
  started('aa'),
  intent('aa', 'one/10_a', [{ address: 'file/a', before: null, want: { content: 'new' } }]),
  done('aa', 'one/10_a', 'file/a', { content: 'new' }),
  { is: 'step-finished', run: 'aa', step: 'one/10_a', target: 'host:one', ok: true },
  finished('aa'),
];

describe('the journal file', () => {
  it('gives back what was written, in order, to the next process', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    for (const entry of run) await journal.append(entry);
    await journal.close();
    expect(await new FileJournal(settings).entries()).toEqual(run);
  });

  it('is empty where nothing was ever written, and reading makes nothing', async () => {
    const settings = temporarySettings();
    expect(await new FileJournal(settings).entries()).toEqual([]);
    expect(() => statSync(settings.folder)).toThrow('ENOENT');
  });

  it('can be read by its owner only', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    await journal.append(started('aa'));
    await journal.close();
    expect(statSync(settings.folder).mode & 0o777).toBe(0o700);
    expect(statSync(journalFile(settings.folder)).mode & 0o777).toBe(0o600);
  });

  it('writes notes with the next durable entry, after a moment, and on close', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    journal.note(started('aa'));
    await journal.append(finished('aa'));
    expect(await new FileJournal(settings).entries()).toHaveLength(2);
    journal.note(started('bb'));
    await expect.poll(async () => (await new FileJournal(settings).entries()).length).toBe(3);
    journal.note(finished('bb'));
    await journal.close();
    expect(await new FileJournal(settings).entries()).toHaveLength(4);
  });

  it('shares one fsync among all that wait together', async () => {
    let syncs = 0;
    const journal = new FileJournal(temporarySettings(), async (path, length) => {
      const file = await openAppendFile(path, length);
      const sync = (): Promise<void> => {
        syncs += 1;
        return file.sync();
      };
      return { ...file, sync };
    });
    const records = 1000;
    await Promise.all(Array.from({ length: records }, (_, i) => journal.append(intent('aa', `s${i}`, [{}]))));
    expect(await journal.entries()).toHaveLength(records);
    expect(syncs).toBeLessThanOrEqual(records / 10);
    await journal.close();
  });

  it('lets one process write at a time, and names it', async () => {
    const settings = temporarySettings();
    const first = new FileJournal(settings);
    await first.append(started('aa'));
    const second = new FileJournal(settings);
    await expect(second.append(started('bb'))).rejects.toMatchObject({ code: 'locked' });
    await first.close();
    const third = new FileJournal(settings);
    await third.append(started('bb'));
    await third.close();
    expect(await third.entries()).toHaveLength(2);
  });
});

describe('what the journal encrypts', () => {
  it('brings secrets and bytes back as what they were, and loses functions', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    const want = {
      token: new Secret('canary-want'),
      bytes: new Uint8Array([0, 255, 10]),
      $bytes: 'mine',
      none: undefined,
    };
    const id = { argv: ['a'], read: () => 1 };
    await journal.append(intent('aa', 's', [{ id, want, before: { $secret: 'no secret', list: [new Secret('x')] } }]));
    await journal.append(done('aa', 's', 'file/a', null));
    const [entry, end] = await journal.entries();
    await journal.close();
    const [back] = entry?.is === 'intent' ? entry.intents : [];
    expect(back?.id).toEqual({ argv: ['a'] });
    const found = back?.want as { token: Secret; bytes: Uint8Array; $bytes: string };
    expect(reveal(found.token)).toBe('canary-want');
    expect(found.bytes).toEqual(new Uint8Array([0, 255, 10]));
    expect(found).toMatchObject({ $bytes: 'mine' });
    expect(back?.before).toMatchObject({ $secret: 'no secret', list: [expect.any(Secret)] });
    expect(end).toMatchObject({ after: null });
  });

  it('lets no secret into the file, wherever it stood', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    const canary = (where: string) => new Secret(`canary-${where}-0123456789`);
    await journal.append({ ...started('aa'), selection: { only: [], set: ['devpi.password=canary-set'] } });
    const secrets = { id: canary('id'), before: [canary('before')], want: { a: { b: canary('want') } } };
    await journal.append(intent('aa', 's', [{ ...secrets, title: 'command --token canary-id-0123456789' }]));
    await journal.append(done('aa', 's', 'file/a', canary('after')));
    await journal.append(done('aa', 's', 'file/a', { plain: 'canary-plain' }));
    await journal.close();
    const text = readFileSync(journalFile(settings.folder), 'latin1');
    expect(text).not.toContain('canary');
    for (const word of ['canary', 'anary-', 'nary-b']) expect(text).not.toContain(btoa(word).slice(0, 6));
  });

  it('opens with no other identity, and then says which to name', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    await journal.append(started('aa'));
    await journal.close();
    const stranger = { ...settings, identities: [new Secret(await generateIdentity())] };
    await expect(new FileJournal(stranger).entries()).rejects.toMatchObject({ code: 'journal-sealed' });
    await expect(new FileJournal(stranger).append(started('bb'))).rejects.toMatchObject({ code: 'journal-sealed' });
    await expect(new FileJournal({ ...settings, identities: [] }).entries()).rejects.toMatchObject({
      code: 'journal-sealed',
    });
  });

  it('refuses to write where there is nobody to encrypt to', async () => {
    const settings = { ...temporarySettings(), recipients: [] };
    await expect(new FileJournal(settings).append(started('aa'))).rejects.toMatchObject({ code: 'journal-recipients' });
    expect(() => readFileSync(journalFile(settings.folder))).toThrow('ENOENT');
  });

  it('wraps a key once and uses it again, until the recipients change', async () => {
    const settings = temporarySettings();
    const other = await identityToRecipient(await generateIdentity());
    const write = async (recipients: readonly string[]): Promise<void> => {
      const journal = new FileJournal({ ...settings, recipients });
      await journal.append(started('aa'));
      await journal.close();
    };
    await write(settings.recipients);
    await write(settings.recipients);
    await write([...settings.recipients, other]);
    const keys = readFileSync(journalFile(settings.folder), 'utf8').match(/"is":"key"/g);
    expect(keys).toHaveLength(2);
    expect(await new FileJournal(settings).entries()).toHaveLength(3);
  });

  it('refuses an image that was moved to another place', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    await journal.append(intent('aa', 's', [{ address: 'file/a' }]));
    await journal.close();
    const { LineChain, decodeLines } = await import('../../src/journal/lines.ts');
    const file = journalFile(settings.folder);
    const chain = new LineChain();
    const { records } = decodeLines(readFileSync(file), file);
    writeFileSync(file, records.map((record) => chain.add(record.replace('file/a', 'file/b'))).join(''));
    await expect(journal.entries()).rejects.toMatchObject({ code: 'journal-damaged' });
  });
});
