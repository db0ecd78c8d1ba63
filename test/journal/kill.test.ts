import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FileJournal } from '../../src/journal/file-journal.ts';
import type { JournalSettings } from '../../src/model/project.ts';
import { reveal } from '../../src/model/secret.ts';
import { temporarySettings } from './rig.ts';
import { finished } from './sample.ts';

/** Appends in another process and kills it after a while. Answers the last number that it called durable. */
async function appendAndKill(settings: JournalSettings, ms: number): Promise<number> {
  const secrets = settings.identities.map(reveal);
  const script = fileURLToPath(new URL('append-loop.ts', import.meta.url));
  const child = spawn(process.execPath, [script, settings.folder, ...settings.recipients, ...secrets]);
  let said = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  await setTimeout(ms);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(errors).toBe('');
  return Number(said.trim().split('\n').at(-1));
}

describe('a process that is killed while it writes', () => {
  it('has left everything that it called durable, and the next one goes on at once', async () => {
    for (const ms of [0, 7, 23, 61, 140]) {
      const settings = temporarySettings();
      const last = await appendAndKill(settings, ms);
      const journal = new FileJournal(settings);
      const entries = await journal.entries();
      expect(entries.length).toBeGreaterThanOrEqual((last + 1) * 3);
      const steps = entries.flatMap((entry) => (entry.is === 'intent' ? [entry.step] : []));
      expect(steps).toEqual(steps.map((_, i) => `step-${Math.floor(i / 3)}-${i % 3}`));
      await journal.append(finished('aa'));
      await journal.close();
      expect(await journal.entries()).toHaveLength(entries.length + 1);
    }
  });
});
