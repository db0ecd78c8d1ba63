import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { onTestFinished } from 'vitest';
import type { JournalSettings } from '../../src/model/project.ts';
import { Secret } from '../../src/model/secret.ts';

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);

/** Settings of a journal in a folder that goes away with the test; all tests share one identity. */
export function temporarySettings(): JournalSettings {
  const folder = join(temporaryFolder(), 'state');
  return { folder, recipients: [recipient], identities: [new Secret(identity)] };
}
