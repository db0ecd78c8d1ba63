import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** Whether terminals can be made here: the program `script` of util-linux. */
export const hasTerminals = spawnSync('script', ['--version']).error === undefined;

/** What somebody types once something is on the screen. */
export interface Typed {
  readonly after: RegExp;
  readonly type: string;
}

export interface Screened {
  readonly code: number;
  /** Everything that was shown, in plain text. */
  readonly text: string;
}

/** Runs a line of `sh` at a terminal of 100 columns and 30 rows, and types as a person would. */
export function atTerminal(
  line: string,
  {
    cwd,
    env,
    typed = [],
  }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly typed?: readonly Typed[] },
): Promise<Screened> {
  const child = spawn('script', ['-qec', `stty cols 100 rows 30; ${line}`, '/dev/null'], { cwd, env });
  const left = [...typed];
  let shown = '';
  let from = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    for (let next = left[0]; next?.after.test(shown.slice(from)); next = left[0]) {
      from = shown.length;
      child.stdin.write(next.type);
      left.shift();
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, text: stripVTControlCharacters(shown) }));
  });
}
