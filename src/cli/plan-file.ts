import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CairnError, messageOf, problem } from '../model/diagnostic.ts';
import type { SavedPlan } from '../model/saved-plan.ts';

/** Raised when what the file holds changes its meaning. */
const version = 1;

interface PlanFile {
  readonly cairn: 'plan';
  readonly version: number;
  /** SHA-256 of `saved` as JSON: a file that was cut off, edited or merged is not carried out. */
  readonly checksum: string;
  readonly saved: SavedPlan;
}

/** True for what names a saved plan and no playbook. */
export function isPlanFile(name: string, cwd: string): boolean {
  return !/\.ya?ml$/.test(name) && statSync(resolve(cwd, name), { throwIfNoEntry: false })?.isFile() === true;
}

/** Writes a plan for its owner alone, whole or not at all. */
export function writePlan(name: string, cwd: string, saved: SavedPlan): void {
  const file = resolve(cwd, name);
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  const content: PlanFile = { cairn: 'plan', version, checksum: checksumOf(saved), saved };
  try {
    writeFileSync(fresh, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new CairnError(problem('plan-unwritten', `the plan could not be written to ${name}: ${messageOf(error)}`));
  }
}

/** @throws CairnError `plan-damaged`, or `plan-version` for a file of another release's form */
export function readPlan(name: string, cwd: string): SavedPlan {
  const text = readFileSync(resolve(cwd, name), 'utf8');
  const found = parse(text);
  if (found?.cairn !== 'plan') {
    const begins = text.startsWith('{\n "cairn": "plan"');
    throw damaged(
      begins ? `${name} is a plan of which the end is missing` : `${name} is neither a playbook nor a plan`,
    );
  }
  if (found.version !== version) {
    const summary = `${name} is a plan of version ${found.version}, and this Cairn reads version ${version}`;
    throw new CairnError(problem('plan-version', summary, { help: remake }));
  }
  if (found.checksum !== checksumOf(found.saved)) throw damaged(`${name} is not what cairn plan wrote`);
  return found.saved;
}

const remake = 'make it anew: cairn plan PLAYBOOK --out FILE';

function parse(text: string): PlanFile | null {
  try {
    return JSON.parse(text) as PlanFile | null;
  } catch {
    return null;
  }
}

function checksumOf(saved: SavedPlan): string {
  return createHash('sha256')
    .update(JSON.stringify(saved) ?? '')
    .digest('hex');
}

function damaged(summary: string): CairnError {
  return new CairnError(problem('plan-damaged', summary, { help: remake }));
}
