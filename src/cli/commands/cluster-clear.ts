import { rm, rmdir } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { baseline } from '../../journal/ledger/baseline.ts';
import { cacheFolder, stateFolder } from '../../project/folders.ts';
import { count } from '../../report/units.ts';
import type { Terminal } from '../ask.ts';
import { journalSettings, readEntries } from '../past.ts';

/** What `cairn cluster down --all` will remove besides what undo takes back, for people. */
export async function whatGoesToo(terminal: Terminal, inventory: string | undefined): Promise<string> {
  const { folder } = await journalSettings(terminal, inventory);
  return `With --all the cache ${cacheFolder(terminal.env)} goes too, and the journal ${folder}.\n`;
}

/**
 * Removes the cache, and the journal if nothing is left in it to take back.
 * @returns what it did, for people
 */
export async function clearAway(terminal: Terminal, inventory: string | undefined): Promise<string> {
  const cache = cacheFolder(terminal.env);
  // Node would write what it compiled when this process ends, into a folder that is gone then.
  flushCompileCache();
  await rm(cache, { recursive: true, force: true });
  const { folder } = await journalSettings(terminal, inventory);
  const left = baseline(await readEntries(terminal, inventory)).filter(({ kept }) => kept === undefined);
  if (left.length > 0) {
    const playbooks = [...new Set(left.map(({ playbook }) => playbook))].join(', ');
    return `Removed ${cache}. The journal stays: ${count(left.length, 'resource')} of ${playbooks} can be taken back by it.`;
  }
  if (!folder.startsWith(`${stateFolder(terminal.env)}/`)) return `Removed ${cache}. The journal ${folder} is yours.`;
  await rm(folder, { recursive: true, force: true });
  await rmdir(dirname(folder)).catch(() => {});
  return `Removed ${cache} and ${folder}.`;
}
