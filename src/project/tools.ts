import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Playbook } from './playbook/playbook.ts';
import type { Env, Files } from './yaml/files.ts';

/** Says which programs a playbook and its includes need and this machine lacks. */
export function checkTools(files: Files, playbook: Playbook): void {
  const playbooks = new Set([playbook, ...playbook.components.map((component) => component.playbook)]);
  for (const { tools } of playbooks) {
    for (const { text, source } of tools) {
      if (isOnPath(text, files.env)) continue;
      files.problems.error(
        'missing-tool',
        `the program ${text} is not on this machine's PATH`,
        source,
        `install ${text}`,
      );
    }
  }
}

function isOnPath(program: string, { PATH = '' }: Env): boolean {
  return PATH.split(':').some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
