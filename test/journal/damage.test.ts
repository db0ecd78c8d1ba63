import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileJournal, journalFile } from '../../src/journal/file-journal.ts';
import { decodeLines, LineChain } from '../../src/journal/lines.ts';
import type { CairnError } from '../../src/model/diagnostic.ts';
import { temporarySettings } from './rig.ts';
import { done, finished, intent, started } from './sample.ts';

const file = '/state/journal.jsonl';
const records = ['{"is":"a"}', '{"is":"b","text":"Grüße\\n"}', '{}', `{"long":"${'x'.repeat(300)}"}`];

function lines(): { readonly bytes: Buffer; readonly ends: readonly number[] } {
  const chain = new LineChain();
  const parts = records.map((record) => Buffer.from(chain.add(record)));
  const ends = parts.map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length);
  return { bytes: Buffer.concat(parts), ends };
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'fine';
  } catch (error) {
    return (error as CairnError).code;
  }
}

describe('a torn journal', () => {
  it('cut at any byte, gives every record that was whole', () => {
    const { bytes, ends } = lines();
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = ends.filter((end) => end <= length);
      const read = decodeLines(bytes.subarray(0, length), file);
      expect(read.records).toEqual(records.slice(0, whole.length));
      expect(read.whole).toBe(whole.at(-1) ?? 0);
    }
  });

  it('that ends in zeros after a power cut, gives every record that arrived', () => {
    const { bytes, ends } = lines();
    for (let length = 0; length < bytes.length; length += 1) {
      const arrived = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(4096)]);
      expect(decodeLines(arrived, file).records).toHaveLength(ends.filter((end) => end <= length).length);
    }
  });

  it('is cut by the next writer and goes on', async () => {
    const settings = temporarySettings();
    const first = new FileJournal(settings);
    await first.append(started('aa'));
    await first.append(intent('aa', 's', [{}]));
    await first.close();
    const path = journalFile(settings.folder);
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    const second = new FileJournal(settings);
    expect(await second.entries()).toHaveLength(1);
    await second.append(finished('aa'));
    await second.close();
    expect(await second.entries()).toMatchObject([{ is: 'run-started' }, { is: 'run-finished' }]);
  });
});

describe('a rotten journal', () => {
  it('with any bit of any record flipped, is refused', () => {
    const { bytes } = lines();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const rotten = Buffer.from(bytes);
      const at = bit >> 3;
      rotten[at] = (rotten[at] ?? 0) ^ (1 << (bit & 7));
      expect(`${bit} ${codeOf(() => decodeLines(rotten, file))}`).toBe(`${bit} journal-damaged`);
    }
  });

  it('with a record lost, doubled, exchanged or put in, is refused', () => {
    const { bytes, ends } = lines();
    const [a, b, c] = [0, ...ends].map((start, i) => bytes.subarray(start, ends[i]));
    const whole = [a, b, c].flatMap((part) => part ?? []);
    expect(whole).toHaveLength(3);
    const [one, two, three] = whole as [Buffer, Buffer, Buffer];
    const wrong = [[two], [one, three], [one, one], [one, three, two], [one, two, two, three]];
    for (const parts of wrong) {
      expect(codeOf(() => decodeLines(Buffer.concat(parts), file))).toBe('journal-damaged');
    }
  });

  it('says where, and what to do, and is left as it is', async () => {
    const settings = temporarySettings();
    const journal = new FileJournal(settings);
    await journal.append(started('aa'));
    await journal.append(done('aa', 's', 'file/a', null));
    await journal.close();
    const path = journalFile(settings.folder);
    const { length } = readFileSync(path);
    appendFileSync(path, 'what an editor left behind, longer than the head of a record\n');
    const damaged = readFileSync(path);
    const failure = await new FileJournal(settings).append(finished('aa')).then(
      () => undefined,
      (error: CairnError) => error.diagnostics[0],
    );
    expect(failure?.code).toBe('journal-damaged');
    expect(failure?.summary).toContain(`byte ${length} of ${path}`);
    expect(failure?.help).toContain(`truncate -s ${length}`);
    expect(readFileSync(path)).toEqual(damaged);
  });
});
