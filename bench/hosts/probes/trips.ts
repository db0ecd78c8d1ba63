import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../../measure.ts';
import { cairn } from '../contenders.ts';
import type { Farm } from '../farm.ts';

/** One round trip, as `--trace-io` writes it down. */
export interface Trip {
  readonly host: string;
  readonly sent: number;
  readonly ms: number;
  /** The script, as the trace has it. */
  readonly asked: string;
}

/** Every round trip of a command, in the order in which they ended. */
export async function tripsOf(farm: Farm, launcher: string, words: readonly string[]): Promise<readonly Trip[]> {
  const file = join(farm.folder, 'trips');
  rmSync(file, { force: true });
  const at = words.indexOf('--');
  const all = at < 0 ? [...words, '--trace-io', file] : words.toSpliced(at, 0, '--trace-io', file);
  await output(cairn(farm, launcher, all));
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): readonly Trip[] => {
      const [, host = '', sent, ms, asked = ''] =
        /^\S+ (\S+)\s+(\d+) B out, \d+ B in, ([\d.]+) ms\s+(.*)$/.exec(line) ?? [];
      return sent === undefined ? [] : [{ host, sent: Number(sent), ms: Number(ms), asked }];
    });
}
