// Takes a lock again and again, and proves with a file that nobody else has it. Prints how often it won and how often not.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileLocks } from '../../src/journal/file-locks.ts';
import { thisProcess } from '../../src/journal/holder.ts';

const [folder = '', races = '0'] = process.argv.slice(2);
const locks = new FileLocks(join(folder, 'lock'), 'box');
const witness = join(folder, 'witness');
let won = 0;
let refused = 0;
for (let race = 0; race < Number(races); race += 1) {
  try {
    const lock = await locks.acquire(thisProcess('aa', 'cairn up'));
    writeFileSync(witness, '', { flag: 'wx' });
    await lock.check();
    rmSync(witness);
    await lock.release();
    won += 1;
  } catch (error) {
    if ((error as { code?: string }).code !== 'locked') throw error;
    refused += 1;
  }
}
process.stdout.write(JSON.stringify({ won, refused }));
